package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"idflow/api"
	"idflow/blob"
	"idflow/cabinet"
	"idflow/capture"
	"idflow/engine"
	"idflow/store"
	"idflow/tech"
	"idflow/tech/all"
	"idflow/web"
)

type serveCmd struct {
	modelFolder
	Addr      string `help:"Address to listen on." default:"127.0.0.1:8080" env:"IDFLOW_ADDR"`
	PublicURL string `help:"Address that people reach the server under (default: http:// and the address listened on)." env:"IDFLOW_PUBLIC_URL" placeholder:"URL"`
	Data      string `help:"Folder for the database, the sealed evidence and the master key." default:"data" env:"IDFLOW_DATA" type:"path"`
	DB        string `help:"Database: a file, or postgres://… (default: idflow.db in the data folder)." env:"IDFLOW_DB" placeholder:"URL"`
	Workers   int    `help:"Checks that run at the same time (default: one for each core)." env:"IDFLOW_WORKERS" placeholder:"N"`
}

func (serveCmd) Help() string {
	return `The first start makes an organization, its owner and a ready Flow, and prints how to log in.

Examples:
  idflow serve
  idflow serve --addr 0.0.0.0:8080 --public-url https://id.example.com
  idflow serve --db postgres://idflow@localhost/idflow`
}

// softMemoryLimit makes the garbage collector work harder before the process
// grows beyond what a small machine can spare. Memory of the nets is not
// counted in it.
const softMemoryLimit = 192 << 20

func (c *serveCmd) Run(ctx context.Context, log *slog.Logger) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemoryLimit)
	}
	if c.Workers <= 0 {
		c.Workers = runtime.NumCPU()
	}
	listener, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	if host, port, err := net.SplitHostPort(c.Addr); err == nil && port == "0" { // any free one
		c.Addr = net.JoinHostPort(host, strconv.Itoa(listener.Addr().(*net.TCPAddr).Port))
	}
	if err := c.cleanPublicURL(); err != nil {
		return err
	}
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.welcome(ctx, os.Stdout, c.PublicURL); err != nil {
		return fmt.Errorf("prepare the first organization: %w", err)
	}
	return s.run(ctx, listener, c.PublicURL)
}

// server is everything that runs, put together.
type server struct {
	log     *slog.Logger
	nets    *nets
	db      *store.DB
	engine  *engine.Engine
	cabinet *cabinet.Cabinet
	handler http.Handler
	workers int
}

// open puts the parts together. Nothing is listened to and nothing runs yet.
func (c *serveCmd) open(ctx context.Context, log *slog.Logger) (_ *server, err error) {
	s := &server{log: log, workers: c.Workers}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if err := prepareFolder(c.Data); err != nil {
		return nil, err
	}
	if s.nets, err = openNets(c.path(), c.Workers); err != nil {
		return nil, err
	}
	return s, s.assemble(ctx, c, all.New(s.nets.parts()), time.Now)
}

// assemble puts everything but the nets together.
func (s *server) assemble(ctx context.Context, c *serveCmd, technologies tech.Set, now func() time.Time) (err error) {
	if c.DB == "" {
		c.DB = filepath.Join(c.Data, "idflow.db")
	}
	if s.db, err = store.Open(ctx, c.DB, store.Options{Log: s.log}); err != nil {
		return err
	}
	if err := s.db.Migrate(ctx); err != nil {
		return err
	}
	keys, err := s.keyring(ctx, c.Data)
	if err != nil {
		return err
	}
	evidence, err := blob.OpenDir(filepath.Join(c.Data, "evidence"))
	if err != nil {
		return err
	}
	s.engine = engine.New(engine.Config{
		Store: engineStore{s.db}, Vault: engineVault{blob.NewVault(evidence, keys)}, Technologies: technologies, Now: now, Log: s.log,
	})
	s.cabinet = cabinet.New(cabinet.Config{Store: cabinetStore{s.db}, Page: web.Cabinet(), Log: s.log, Secure: strings.HasPrefix(c.PublicURL, "https:")})
	mux := http.NewServeMux()
	api.Register(mux, api.Config{Engine: s.engine, Users: s.cabinet, PublicURL: c.PublicURL, Log: s.log})
	capture.Register(mux, capture.Config{Engine: s.engine, Page: web.Capture(), Log: s.log})
	mux.Handle("GET /assets/", web.Assets())
	s.cabinet.Register(mux)
	s.handler = front(mux, s.log)
	return nil
}

// keyring finds the master keys: in the environment, else in the data folder. A
// new installation gets a new key; an old one whose key is missing gets none,
// since it could read nothing of what it has.
func (s *server) keyring(ctx context.Context, data string) (*blob.Keyring, error) {
	if text := os.Getenv(masterKeyEnv); text != "" {
		return blob.ParseKeyring(text)
	}
	file := filepath.Join(data, "master.key")
	keys, err := blob.ReadKeyring(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return keys, err
	}
	organizations, err := s.organizations(ctx)
	if err != nil {
		return nil, err
	}
	if len(organizations) > 0 {
		return nil, fmt.Errorf("the master key %s is missing, and nothing sealed can be read without it: put it back, or give it in %s", file, masterKeyEnv)
	}
	if err := blob.CreateKeyring(file); err != nil {
		return nil, err
	}
	return blob.ReadKeyring(file)
}

const masterKeyEnv = "IDFLOW_MASTER_KEY"

func (s *server) close() {
	if s.db != nil {
		s.db.Close()
	}
	if s.nets != nil {
		s.nets.Close()
	}
}

// run serves and works until ctx ends, then finishes what has begun.
func (s *server) run(ctx context.Context, listener net.Listener, publicURL string) error {
	h := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return s.work(ctx) })
	group.Go(func() error {
		if err := h.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		s.log.Info("stopping")
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
		defer cancel()
		if err := h.Shutdown(grace); err != nil { // whoever still listens has had his time
			return h.Close()
		}
		return nil
	})
	go s.nets.warm(s.log)
	s.log.Info("ready", "address", publicURL)
	return group.Wait()
}

// work runs checks and upkeep until ctx ends.
func (s *server) work(ctx context.Context) error {
	err := s.db.Work(ctx, store.Workers{
		Check: s.engine.RunCheck, GiveUp: s.engine.GiveUp, Concurrency: s.workers,
		Upkeep: s.upkeep,
	})
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("work: %w", err)
	}
	return nil
}

// upkeep does what time alone brings.
func (s *server) upkeep(ctx context.Context) error {
	expired, woken, err := s.engine.Sweep(ctx)
	if expired+woken > 0 {
		s.log.Info("sweep", "expired", expired, "woken", woken)
	}
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *store.Tx) error {
		_, err := tx.DeleteExpiredLogins(ctx, time.Now())
		return err
	})
}

// cleanPublicURL fills the public address in and refuses one that no link can be made of.
func (c *serveCmd) cleanPublicURL() error {
	if c.PublicURL == "" {
		c.PublicURL = "http://" + c.Addr
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("the public address %q is none: give one like https://id.example.com", c.PublicURL)
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	return nil
}

// listen takes the port before anything is written, so that a second start
// harms nothing.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use: stop the program that listens there, or choose another address with --addr", addr)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s (%w): choose another address with --addr", addr, err)
	}
	return l, nil
}

// prepareFolder makes the data folder, for nobody else to read.
func prepareFolder(dir string) error {
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(dir, ".probe-*"); err == nil {
			probe.Close()
			err = os.Remove(probe.Name())
		}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	if err != nil {
		return fmt.Errorf("the data folder %s cannot be written to (%w): make it writable, or choose another with --data", dir, err)
	}
	return nil
}
