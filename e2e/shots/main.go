// Command shots takes the screenshots of the documentation: it starts idflow,
// lets a browser walk through it, and saves what is to be seen.
//
//	go run ./e2e/shots [FOLDER]
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"idflow/e2e"
	"idflow/specimen/portraits"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	folder := filepath.Join("docs", "screenshots")
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}
	if err := take(ctx, folder); err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

// take fills the folder with pictures of at most 256 colours.
func take(ctx context.Context, folder string) (err error) {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	chromium, err := e2e.Ready(root)
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "idflow-shots-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	faces, err := portraits.DefaultDir()
	if err != nil {
		return err
	}
	set, err := portraits.Fetch(ctx, faces)
	if err != nil {
		return err
	}
	if err := e2e.Films(scratch, set); err != nil {
		return err
	}
	bin, err := e2e.Build(ctx, root, scratch)
	if err != nil {
		return err
	}
	server, err := e2e.Start(bin, root, filepath.Join(scratch, "data"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	out := filepath.Join(scratch, "out")
	stage := e2e.Stage{URL: server.URL, Email: server.Email, Password: server.Password, Chromium: chromium, Films: scratch, Out: out}
	if err := stage.Walk(ctx, root, "walks/screenshots.mjs", os.Stdout); err != nil {
		return err
	}
	return paletted(out, folder)
}

// paletted copies every picture of a folder to another one, in few colours.
func paletted(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	pictures, err := filepath.Glob(filepath.Join(from, "*.png"))
	if err != nil {
		return err
	}
	for _, picture := range pictures {
		target := filepath.Join(to, filepath.Base(picture))
		size, err := shrink(picture, target)
		if err != nil {
			return fmt.Errorf("shrink %s: %w", filepath.Base(picture), err)
		}
		fmt.Printf("%s %d kB\n", target, size/1000)
	}
	return nil
}
