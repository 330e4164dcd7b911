package web

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

var script = strings.Repeat("console.log('hello');\n", 100)

func files() fstest.MapFS {
	return fstest.MapFS{
		"capture.html":           {Data: []byte("<!doctype html><div id=page></div>")},
		"assets/capture-a1b2.js": {Data: []byte(script)},
		"secret.txt":             {Data: []byte("not an asset")},
	}
}

func get(t *testing.T, h http.Handler, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		from = z
	}
	b, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestPage(t *testing.T) {
	r := get(t, newPage(files(), "capture.html", capturePolicy), "/s/token")
	if r.StatusCode != http.StatusOK || !strings.Contains(body(t, r), "id=page") {
		t.Fatalf("status %d", r.StatusCode)
	}
	for name, want := range map[string]string{
		"Content-Type":           "text/html; charset=utf-8",
		"Cache-Control":          "no-cache",
		"Referrer-Policy":        "no-referrer",
		"X-Content-Type-Options": "nosniff",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	csp := r.Header.Get("Content-Security-Policy")
	if strings.Contains(csp, "unsafe") || !strings.HasPrefix(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'self'") {
		t.Errorf("policy is not strict: %s", csp)
	}
	if got := r.Header.Get("Permissions-Policy"); !strings.Contains(got, "camera=(self)") {
		t.Errorf("Permissions-Policy: %q keeps the camera away", got)
	}
}

func TestPageNotBuilt(t *testing.T) {
	r := get(t, newPage(fstest.MapFS{".gitkeep": {}}, "capture.html", ""), "/s/token")
	if r.StatusCode != http.StatusServiceUnavailable || body(t, r) != NotBuilt {
		t.Errorf("status %d, want 503 and what to do", r.StatusCode)
	}
}

func TestAssets(t *testing.T) {
	for _, c := range []struct {
		name, target, accept string
		status               int
		encoding             string
	}{
		{"gzip", "/assets/capture-a1b2.js", "gzip, deflate, br", 200, "gzip"},
		{"gzip with quality", "/assets/capture-a1b2.js", "br, gzip;q=0.8", 200, "gzip"},
		{"gzip refused", "/assets/capture-a1b2.js", "gzip;q=0", 200, ""},
		{"plain", "/assets/capture-a1b2.js", "", 200, ""},
		{"unknown", "/assets/none.js", "", 404, ""},
		{"outside", "/assets/../secret.txt", "", 404, ""},
		{"folder", "/assets/", "", 404, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := get(t, &assets{files: files()}, c.target, "Accept-Encoding", c.accept)
			if r.StatusCode != c.status {
				t.Fatalf("status %d, want %d", r.StatusCode, c.status)
			}
			if c.status != http.StatusOK {
				return
			}
			if got := r.Header.Get("Content-Encoding"); got != c.encoding {
				t.Errorf("encoding %q, want %q", got, c.encoding)
			}
			if got := body(t, r); got != script {
				t.Errorf("%d bytes, want %d", len(got), len(script))
			}
			if got := r.Header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
				t.Errorf("Cache-Control %q", got)
			}
		})
	}
}

func TestAssetNotModified(t *testing.T) {
	h := &assets{files: files()}
	tag := get(t, h, "/assets/capture-a1b2.js").Header.Get("ETag")
	if r := get(t, h, "/assets/capture-a1b2.js", "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("status %d, want 304", r.StatusCode)
	}
}

func TestCabinetHasNoFiles(t *testing.T) {
	if r := get(t, Cabinet(), "/favicon.ico"); r.StatusCode != http.StatusNotFound {
		t.Errorf("status %d, want 404", r.StatusCode)
	}
}

// What is built must live under the policy that it is served with.
func TestBuiltPagesAreNotInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|<script(?:[^>]*)>[^<]|\sstyle=|\son[a-z]+=`)
	for _, name := range []string{"capture.html", "cabinet.html"} {
		data, err := dist.ReadFile("dist/" + name)
		if err != nil {
			continue // not built: TestPageNotBuilt holds what is served then
		}
		if m := inline.Find(data); m != nil {
			t.Errorf("%s: the policy forbids %q", name, m)
		}
	}
}
