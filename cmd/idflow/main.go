// Command idflow is the whole product: the server with its pages, the workers,
// and the tools around them. This package only puts the parts together.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is every command with its flags; the environment names stand beside them.
type cli struct {
	Serve     serveCmd     `cmd:"" help:"Serve the cabinet, the hosted pages and the API, and run the checks."`
	Verify    verifyCmd    `cmd:"" help:"Run a Flow on files, without a server."`
	Models    modelsCmd    `cmd:"" help:"Fetch and check the model files."`
	Attack    attackCmd    `cmd:"" help:"Attack the liveness checks, and count what gets through."`
	Eval      evalCmd      `cmd:"" help:"Measure accuracy and speed on labelled pictures."`
	Documents documentsCmd `cmd:"" help:"Check and try the templates that documents are read by."`
	User      userCmd      `cmd:"" help:"Add people to the cabinet."`

	LogLevel slog.Level `help:"Least level that is logged: debug, info, warn or error." default:"info" env:"IDFLOW_LOG_LEVEL"`
	LogJSON  bool       `help:"Log as JSON." env:"IDFLOW_LOG_JSON"`
}

// exit is a command's way to end with a code and nothing more to say.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	var c cli
	parser, err := kong.New(&c, kong.Name("idflow"), kong.UsageOnError(),
		kong.Description("Self-hosted identity verification: liveness, documents and faces in one session and one result."))
	if err != nil {
		panic(err) // the struct above is wrong
	}
	k, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "idflow:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	options := &slog.HandlerOptions{Level: c.LogLevel}
	log := slog.New(slog.NewTextHandler(os.Stderr, options))
	if c.LogJSON {
		log = slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	k.BindTo(ctx, (*context.Context)(nil))
	err = k.Run(log)
	var code exit
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return 130
	}
	fmt.Fprintln(os.Stderr, "idflow:", err)
	return failureCode(k.Command())
}

// failureCode tells "could not run" apart: for verify, 1 is a verdict.
func failureCode(command string) int {
	if command == "verify" {
		return 2
	}
	return 1
}
