// Package e2e drives a real browser through the real program, as its users
// meet it: the person before the camera and the customer in the cabinet. What
// they do is written in walks/, one file for each walk, for Node.js and
// playwright-core; this package builds and starts what they need: the program,
// a browser's fake camera with pictures whose truth is known, and Node.js.
package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Stage is what a walk finds when it begins. Walks read it as JSON from the
// environment variable STAGE.
type Stage struct {
	URL      string `json:"url"`      // of the program
	Email    string `json:"email"`    // the first login
	Password string `json:"password"` // valid once
	Chromium string `json:"chromium"` // the browser's program
	Films    string `json:"films"`    // folder, see [Films]
	Out      string `json:"out"`      // folder for what the walk leaves behind
}

// walkWithin bounds one walk.
const walkWithin = 5 * time.Minute

// Walk runs a script of this package's folder, e.g. "walks/approved.mjs", and
// copies what it says to w. The error tells how it failed; what was to be seen
// then lies in s.Out.
func (s Stage) Walk(ctx context.Context, root, script string, w io.Writer) error {
	ctx, cancel := context.WithTimeout(ctx, walkWithin)
	defer cancel()
	stage, err := json.Marshal(s)
	if err != nil {
		return err
	}
	// The browser's profile and the camera's file; gone afterwards however the walk ends.
	scratch, err := os.MkdirTemp("", "idflow-walk-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	cmd := exec.CommandContext(ctx, "node", filepath.Join(root, "e2e", script))
	cmd.Env = append(os.Environ(), "STAGE="+string(stage), "TMPDIR="+scratch)
	cmd.Stdout, cmd.Stderr = w, w
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) } // it closes its browser
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", script, errors.Join(err, ctx.Err()))
	}
	return nil
}

// Ready says what of the walks' needs is missing, and where the browser is.
func Ready(root string) (chromium string, err error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if chromium, err = exec.LookPath(name); err == nil {
			break
		}
	}
	if err != nil {
		return "", errors.New("there is no Chromium to drive: `make test` installs it (Debian: apt-get install chromium)")
	}
	if _, err := exec.LookPath("node"); err != nil {
		return "", errors.New("there is no Node.js to drive the browser with: install node and npm, then run `make test`")
	}
	for file, what := range map[string]string{
		"web/dist/cabinet.html":            "the pages are not built",
		"web/dist/capture.html":            "the pages are not built",
		"web/node_modules/axe-core":        "the pages' packages are not installed",
		"web/node_modules/playwright-core": "the pages' packages are not installed",
	} {
		if _, err := os.Stat(filepath.Join(root, file)); errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("%s: `make test` sets it up (`make web` does only that)", what)
		}
	}
	return chromium, nil
}
