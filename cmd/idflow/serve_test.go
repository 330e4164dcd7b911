package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"idflow/models/modelstest"
	"idflow/specimen"
	"idflow/specimen/portraits"
)

// The whole program is tested as its users meet it: over HTTP, with the real
// nets, the real database and pictures whose truth is known.

// instance is a running server and a browser-like client that is logged in.
type instance struct {
	t    testing.TB
	url  string
	data string
	http *http.Client
}

// newTestServer starts the program on a free port with an empty data folder and
// logs the owner in.
func newTestServer(t *testing.T) *instance {
	t.Helper()
	i := &instance{t: t, data: t.TempDir()}
	c := serveCmd{modelFolder: modelFolder{modelstest.Dir(t).Path()}, Data: i.data, Workers: 2}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.PublicURL = "http://" + listener.Addr().String()
	i.url = c.PublicURL
	s, err := c.open(t.Context(), slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})))
	if err != nil {
		t.Fatal(err)
	}
	var greeting bytes.Buffer
	if err := s.welcome(t.Context(), &greeting, c.PublicURL); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, listener, c.PublicURL) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		s.close()
	})
	i.logIn(greeting.String())
	return i
}

// logIn reads the one-time password out of what the first start printed, logs
// the owner in and gives it a password of its own.
func (i *instance) logIn(greeting string) {
	i.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		i.t.Fatal(err)
	}
	i.http = &http.Client{Jar: jar, Timeout: time.Minute}
	password := regexp.MustCompile(`Password\s+(\S+)`).FindStringSubmatch(greeting)
	if password == nil {
		i.t.Fatalf("the first start printed no password: %q", greeting)
	}
	i.want(200, "POST", "/cabinet/login", fmt.Sprintf(`{"email":"Owner@localhost","password":%q}`, password[1]))
	if got := i.want(403, "GET", "/v1/flows", ""); got["code"] != "password_expired" {
		i.t.Errorf("before the password is replaced: %v", got)
	}
	i.want(200, "POST", "/cabinet/password", fmt.Sprintf(`{"current":%q,"new":"correct horse battery"}`, password[1]))
}

// call makes a request and reads the answer.
func (i *instance) call(method, path, contentType string, body []byte, header ...string) (*http.Response, []byte) {
	i.t.Helper()
	r, err := http.NewRequestWithContext(i.t.Context(), method, i.url+path, bytes.NewReader(body))
	if err != nil {
		i.t.Fatal(err)
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for h := 0; h+1 < len(header); h += 2 {
		r.Header.Set(header[h], header[h+1])
	}
	answer, err := i.http.Do(r)
	if err != nil {
		i.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		i.t.Fatal(err)
	}
	return answer, data
}

// want calls with JSON and expects a status.
func (i *instance) want(status int, method, path, body string, header ...string) map[string]any {
	i.t.Helper()
	contentType := ""
	if body != "" {
		contentType = "application/json"
	}
	answer, data := i.call(method, path, contentType, []byte(body), header...)
	if answer.StatusCode != status {
		i.t.Fatalf("%s %s: %d %s, want %d", method, path, answer.StatusCode, data, status)
	}
	var v map[string]any
	if len(data) > 0 {
		if err := json.Unmarshal(data, &v); err != nil {
			i.t.Fatalf("%s %s: %v in %s", method, path, err, data)
		}
	}
	return v
}

// passage is one session as the person's page sees it.
type passage struct {
	*instance
	id   string
	auth []string
}

func (i *instance) begin(flowID string) *passage {
	i.t.Helper()
	s := i.want(201, "POST", "/v1/sessions", fmt.Sprintf(`{"flow_id":%q}`, flowID))
	link := s["url"].(string)
	if answer, _ := i.call("GET", strings.TrimPrefix(link, i.url), "", nil); answer.StatusCode != 200 {
		i.t.Fatalf("the link answers %d", answer.StatusCode)
	}
	return &passage{i, s["id"].(string), []string{"Authorization", "Bearer " + link[strings.LastIndex(link, "/")+1:]}}
}

// give uploads pictures by name, submits, and waits for the check.
func (p *passage) give(step, attempt int, pictures map[string][]byte) map[string]any {
	p.t.Helper()
	for name, picture := range pictures {
		answer, data := p.call("PUT", fmt.Sprintf("/capture/evidence/%s?step=%d&attempt=%d", name, step, attempt), "image/jpeg", picture, p.auth...)
		if answer.StatusCode != 204 {
			p.t.Fatalf("upload of %s: %d %s", name, answer.StatusCode, data)
		}
	}
	v := p.want(202, "POST", "/capture/submit", fmt.Sprintf(`{"step":%d,"attempt":%d}`, step, attempt), p.auth...)
	for range 20 {
		if v["state"] != "checking" {
			return v
		}
		v = p.want(200, "GET", "/capture/session?wait=10&seen="+v["updated_at"].(string), "", p.auth...)
	}
	p.t.Fatal("the check does not end")
	return nil
}

// firstFlow is the id of the Flow that the first start makes.
func (i *instance) firstFlow() string {
	i.t.Helper()
	return i.want(200, "GET", "/v1/flows", "")["data"].([]any)[0].(map[string]any)["id"].(string)
}

// passport prints one with a person's portrait and photographs it.
func passport(t testing.TB, p portraits.Picture) []byte {
	t.Helper()
	g := specimen.New(7)
	d, err := g.Document("utopia-passport")
	if err != nil {
		t.Fatal(err)
	}
	portrait, err := p.Portrait()
	if err != nil {
		t.Fatal(err)
	}
	page, err := specimen.Draw(d, portrait)
	if err != nil {
		t.Fatal(err)
	}
	photo, err := specimen.Photograph(page, g.Camera(specimen.Easy))
	if err != nil {
		t.Fatal(err)
	}
	return photo.JPEG
}

// two are a person with two pictures and somebody else.
func two(t testing.TB) (a, b portraits.Person) {
	t.Helper()
	set := portraits.Load(t)
	for _, p := range set {
		if len(p.Pictures) > 1 && a.Name == "" {
			a = p
		} else if a.Name != "" && p.Sex == a.Sex {
			return a, p
		}
	}
	t.Fatal("the portraits hold no two people of one sex, one of them twice")
	return
}

func TestWholeSession(t *testing.T) {
	i := newTestServer(t)
	a, b := two(t)
	selfie := a.Pictures[0].JPEG
	for _, c := range []struct {
		name     string
		document []byte
		decision string
		reason   string
	}{
		{"the document is theirs", passport(t, a.Pictures[1]), "approved", ""},
		{"the document shows somebody else", passport(t, b.Pictures[0]), "declined", "faces_differ"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := i.begin(i.firstFlow())
			v := p.give(1, 1, map[string][]byte{"selfie": selfie})
			if v["step"] != 2.0 {
				t.Fatalf("after the selfie: %v", v)
			}
			v = p.give(2, 1, map[string][]byte{"front": c.document})
			if v["state"] != c.decision {
				t.Fatalf("the page sees %v, want %s", v, c.decision)
			}
			s := i.want(200, "GET", "/v1/sessions/"+p.id, "")
			if s["status"] != "completed" || s["decision"] != c.decision {
				t.Errorf("status %v, decision %v, want completed, %s", s["status"], s["decision"], c.decision)
			}
			if c.reason != "" && fmt.Sprint(s["reasons"]) != "["+c.reason+"]" {
				t.Errorf("reasons %v, want %s", s["reasons"], c.reason)
			}
			result := s["result"].(map[string]any)
			for _, name := range []string{"liveness_result", "document_recognition_result", "face2face_result"} {
				if result[name] == nil {
					t.Errorf("the result has no %s", name)
				}
			}
			for _, step := range s["steps"].([]any) {
				for _, e := range step.(map[string]any)["evidence"].([]any) {
					answer, data := i.call("GET", e.(map[string]any)["url"].(string), "", nil)
					if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "image/jpeg" || float64(len(data)) != e.(map[string]any)["size"] {
						t.Errorf("evidence %v: %d %s, %d bytes", e, answer.StatusCode, answer.Header.Get("Content-Type"), len(data))
					}
				}
			}
		})
	}
	t.Run("nothing readable lies on the disk", func(t *testing.T) { noPlainEvidence(t, i.data) })
}

// noPlainEvidence looks for the beginning of a JPEG and for a document's
// number in everything that the server has written.
func noPlainEvidence(t *testing.T, dir string) {
	files := 0
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, secret := range []string{"\xff\xd8\xff\xe0", "\xff\xd8\xff\xdb", "document_number", "P<UTO"} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds %q", path, secret)
			}
		}
		return nil
	})
	if err != nil || files < 10 {
		t.Errorf("looked at %d files, %v", files, err)
	}
}
