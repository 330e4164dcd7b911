package e2e

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

// Server is a running `idflow serve` with an empty data folder behind it.
type Server struct {
	URL, Email, Password string // where it is, and the first login that it printed

	process *exec.Cmd
	log     journal
	ended   chan error // of the process, once
}

// How long a start and an end may take; on an idle machine both are far below.
const (
	startWithin = 30 * time.Second
	endWithin   = 30 * time.Second
)

// greeting is what the first start prints.
var greeting = regexp.MustCompile(`(?s)Open\s+(\S+)\s+Log in\s+(\S+)\s+Password\s+(\S+)\s`)

// Build compiles the program into the folder dir and gives its path. root is
// the folder with go.mod.
func Build(ctx context.Context, root, dir string) (string, error) {
	bin := filepath.Join(dir, "idflow")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/idflow")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build idflow: %w\n%s", err, out)
	}
	return bin, nil
}

// Start runs the program on a free port with the folder data, which is empty,
// and waits for the login that it prints. Stop must be called to end it.
func Start(bin, root, data string) (*Server, error) {
	s := &Server{process: exec.Command(bin, "serve", "--addr", "127.0.0.1:0", "--data", data), ended: make(chan error, 1)}
	s.process.Dir = root // the networks lie there, unless IDFLOW_MODELS says otherwise
	s.process.Stderr = &s.log
	output, err := s.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.process.Start(); err != nil {
		return nil, fmt.Errorf("start idflow: %w", err)
	}
	greeted := make(chan bool, 1)
	go func() {
		greeted <- s.read(output)
		io.Copy(&s.log, output)
		s.ended <- s.process.Wait()
	}()
	select {
	case <-time.After(startWithin):
		err = fmt.Errorf("idflow printed no login within %s", startWithin)
	case ok := <-greeted:
		if ok {
			return s, nil
		}
		err = errors.New("idflow ended before it printed a login")
	}
	return nil, errors.Join(err, s.Stop(), errors.New(s.Log()))
}

// read takes the login out of the output, as soon as it is there whole.
func (s *Server) read(output io.Reader) bool {
	var seen bytes.Buffer
	for printed := bufio.NewScanner(io.TeeReader(output, &s.log)); printed.Scan(); {
		seen.WriteString(printed.Text() + "\n")
		if m := greeting.FindStringSubmatch(seen.String()); m != nil {
			s.URL, s.Email, s.Password = m[1], m[2], m[3]
			return true
		}
	}
	return false
}

// Stop asks the program to end and waits until it has; an error says that it
// did not end well.
func (s *Server) Stop() error {
	if err := s.interrupt(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop idflow: %w", err)
	}
	select {
	case err := <-s.ended:
		s.ended <- err // for whoever stops it again
		if err != nil {
			return fmt.Errorf("idflow ended badly: %w", err)
		}
		return nil
	case <-time.After(endWithin):
		return errors.Join(fmt.Errorf("idflow does not end within %s", endWithin), s.process.Process.Kill())
	}
}

func (s *Server) interrupt() error { return s.process.Process.Signal(os.Interrupt) }

// Log is all that the program has printed.
func (s *Server) Log() string { return s.log.String() }

// journal is a buffer that several goroutines write to.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}
