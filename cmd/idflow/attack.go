package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"idflow"
	"idflow/attack"
	"idflow/specimen/portraits"
	"idflow/tech/all"
	"idflow/vision"
)

type attackCmd struct {
	modelFolder
	Faces   string   `help:"Folder of labelled faces; left out when it is missing." default:"../shared/data/faces" type:"path"`
	Clips   string   `help:"Folder of recordings (*.mjpeg); left out when it is missing." default:"../shared/data/liveness" type:"path"`
	Only    []string `help:"Run the kind of this name alone; may be given several times." placeholder:"KIND" sep:"none"`
	People  int      `help:"At most so many of the portraits' people; 0: all." default:"0"`
	Seed    uint64   `help:"Of all chance but what the server draws." default:"1"`
	Write   string   `help:"Put the tables into this document, between its marks." placeholder:"FILE" type:"path"`
	Load    int      `help:"Instead of attacks: so many people at the same time for 20 seconds." placeholder:"PEOPLE"`
	Workers int      `help:"Servers that are attacked at the same time." default:"2"`
	JSON    bool     `help:"Print JSON instead of a table."`
}

func (attackCmd) Help() string {
	return `Starts servers on loopback with an empty database, plays prints, screens, replays and forged streams before
them as well as honest passages, and counts what gets through. Pictures come from npm portraits, and from the folders.

Examples:
  idflow attack
  idflow attack --only "print, bent" --json`
}

func (c *attackCmd) Run(ctx context.Context) error {
	n, err := openNets(c.path(), c.Workers)
	if err != nil {
		return err
	}
	defer n.Close()
	kit := &attack.Kit{Faces: n.faces, Seed: c.Seed, Only: c.Only, People: c.People, Progress: progress}
	if kit.Material, err = c.material(ctx); err != nil {
		return err
	}
	if c.Load > 0 {
		return c.load(ctx, n, kit)
	}
	r, err := play(ctx, n, kit, c.Workers)
	if err != nil {
		return err
	}
	if c.Write != "" {
		if err := c.write(r); err != nil {
			return err
		}
	}
	return show(r, c.JSON)
}

// load measures answers under load, by the real clock.
func (c *attackCmd) load(ctx context.Context, n *nets, kit *attack.Kit) error {
	a, err := openArena(ctx, n, false)
	if err != nil {
		return err
	}
	defer a.close()
	if err := n.faces.Load(); err != nil {
		return err
	}
	l, err := kit.Crowd(ctx, a.target, c.Load, 20*time.Second)
	if err != nil {
		return err
	}
	return show(l, c.JSON)
}

// The marks between which a document holds the tables.
const (
	tablesBegin = "<!-- tables of idflow attack -->\n"
	tablesEnd   = "<!-- end of the tables -->\n"
)

func (c *attackCmd) write(r *attack.Report) error {
	text, err := os.ReadFile(c.Write)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(text), tablesBegin)
	_, after, ok2 := strings.Cut(rest, tablesEnd)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no marks for the tables", c.Write)
	}
	var b strings.Builder
	b.WriteString(before + tablesBegin)
	if err := r.Markdown(&b); err != nil {
		return err
	}
	b.WriteString(tablesEnd + after)
	return os.WriteFile(c.Write, []byte(b.String()), 0o644)
}

// play runs the kit against servers of its own.
func play(ctx context.Context, n *nets, kit *attack.Kit, servers int) (*attack.Report, error) {
	for range servers {
		a, err := openArena(ctx, n, true)
		if err != nil {
			return nil, err
		}
		defer a.close()
		kit.Targets = append(kit.Targets, a.target)
	}
	return kit.Run(ctx)
}

// progress tells of every presentation as it ends.
func progress(done, total int, kind string, x attack.Case) {
	fmt.Fprintf(os.Stderr, "%d of %d: %s, %s: %s %s; asked %s, %d frames\n", done, total, kind, x.Subject, x.Verdict, strings.Join(x.Reasons, " "), strings.Join(x.Actions, " "), x.Frames)
}

// material reads what is there.
func (c *attackCmd) material(ctx context.Context) (m attack.Material, err error) {
	dir, err := portraits.DefaultDir()
	if err != nil {
		return m, err
	}
	people, err := portraits.Fetch(ctx, dir)
	if err != nil {
		return m, err
	}
	for _, p := range people {
		s := attack.Subject{Name: p.Name}
		for _, picture := range p.Pictures {
			image, err := vision.Decode(picture.JPEG)
			if err != nil {
				return m, fmt.Errorf("portrait %s: %w", picture.Name, err)
			}
			s.Pictures = append(s.Pictures, image)
		}
		m.Subjects = append(m.Subjects, s)
	}
	if m.Clips, err = readClips(c.Clips); err != nil {
		return m, err
	}
	m.Photos, err = c.photos()
	return m, err
}

// readClips reads the recordings of a folder.
func readClips(dir string) (clips []attack.Clip, err error) {
	files, _ := filepath.Glob(filepath.Join(dir, "*.mjpeg")) // fails only on a bad pattern
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		clip, err := attack.ParseClip(filepath.Base(file), data)
		if err != nil {
			return nil, err
		}
		clips = append(clips, clip)
	}
	return clips, nil
}

// groups are the pictures among the labelled faces that show several people.
var groups = []string{"couple.jpg", "selfie-many-people.jpg", "bbt", "sample1.jpg", "sample2.jpg", "sample3.jpg", "sample5.jpg", "sample6.jpg", "obama_and_biden.jpg"}

// photos are those of one genuine person among the labelled faces.
func (c *attackCmd) photos() (list []attack.Photo, err error) {
	for _, pattern := range []string{"deepface/*.jpg", "silentface/image_T1.jpg", "vladmandic_samples/*.jpg", "faceapijs/*.jpg", "face_recognition/*.jpg"} {
		files, _ := filepath.Glob(filepath.Join(c.Faces, pattern)) // fails only on a bad pattern
		for _, file := range files {
			if slices.ContainsFunc(groups, func(g string) bool { return strings.Contains(file, g) }) {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			name, _ := filepath.Rel(c.Faces, file)
			list = append(list, attack.Photo{Name: name, Data: data})
		}
	}
	return list, nil
}

// arena is a whole server of its own on loopback.
type arena struct {
	server *server
	target *attack.Target
	dir    string
	stop   context.CancelFunc
	ended  chan error
}

// openArena starts one, by the real clock or by one that goes on only when the
// kit tells it to.
func openArena(ctx context.Context, n *nets, ticking bool) (a *arena, err error) {
	a = &arena{ended: make(chan error, 1)}
	if a.dir, err = os.MkdirTemp("", "idflow-attack-"); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &serveCmd{Data: a.dir, PublicURL: "http://" + listener.Addr().String()}
	began, passed := time.Now(), new(atomic.Int64)
	now, tick := time.Now, func(time.Duration) {}
	if ticking {
		now = func() time.Time { return began.Add(time.Duration(passed.Load())) }
		tick = func(d time.Duration) { passed.Add(int64(d)) }
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	a.server = &server{log: log, workers: 1}
	if err := a.server.assemble(ctx, c, all.New(n.parts()), now); err != nil {
		return nil, err
	}
	a.server.nets = n
	key, err := a.server.organizationKey(ctx, c.PublicURL)
	if err != nil {
		return nil, err
	}
	a.target = &attack.Target{URL: c.PublicURL, Key: key, Tick: tick}
	running, stop := context.WithCancel(ctx)
	a.stop = stop
	go func() { a.ended <- a.server.run(running, listener, c.PublicURL) }()
	return a, nil
}

// organizationKey makes the first organization and a key of its own.
func (s *server) organizationKey(ctx context.Context, url string) (string, error) {
	if err := s.welcome(ctx, io.Discard, url); err != nil {
		return "", err
	}
	organizations, err := s.organizations(ctx)
	if err != nil {
		return "", err
	}
	k, err := s.engine.CreateOrganizationKey(ctx, organizations[0].ID)
	if err != nil {
		return "", err
	}
	return s.engine.RevealKey(ctx, idflow.Actor{OrganizationID: organizations[0].ID, UserID: "attack", Role: idflow.Owner}, "", k.ID)
}

func (a *arena) close() {
	a.stop()
	<-a.ended
	a.server.db.Close()
	os.RemoveAll(a.dir)
}

type evalLivenessCmd struct {
	modelFolder
	Dir  string `arg:"" optional:"" help:"Folder of recordings, *.mjpeg: JPEGs one behind the other, 15 a second, one person before a camera." type:"path" default:"../shared/data/liveness"`
	JSON bool   `help:"Print JSON instead of a table."`
}

func (evalLivenessCmd) Help() string {
	return `Has the people of your own recordings pass before a server on loopback: at rest, and blinking or opening the mouth as asked, if they do so.

Make a recording of a video with
  ffmpeg -i video.mp4 -r 15 -vf scale=640:-2 -q:v 3 -f mjpeg person.mjpeg`
}

func (c *evalLivenessCmd) Run(ctx context.Context) error {
	n, err := openNets(c.path(), 1)
	if err != nil {
		return err
	}
	defer n.Close()
	kit := &attack.Kit{Faces: n.faces, Seed: 1, Only: []string{"clips, passive", "clips, acting"}, Progress: progress}
	if kit.Material.Clips, err = readClips(c.Dir); err != nil {
		return err
	}
	if len(kit.Material.Clips) == 0 {
		return fmt.Errorf("%s holds no *.mjpeg", c.Dir)
	}
	r, err := play(ctx, n, kit, 1)
	if err != nil {
		return err
	}
	return show(r, c.JSON)
}
