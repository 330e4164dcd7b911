// Package web holds the built pages: what the person being verified sees and
// the cabinet. Their sources are TypeScript beside this file; `npm run build`
// writes dist, and this package serves it from the binary.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed all:dist
var dist embed.FS

// NotBuilt is the answer of every page of a binary that was built without them.
const NotBuilt = "The pages are not built into this program. Run `make run`, or `npm ci && npm run build` in the folder web and build the program again.\n"

// policy lets a page load its own files and talk to its own server, nothing
// else; nothing inline runs. blob: is the picture just taken.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "

// The cabinet's Demo shows the capture page in a frame; nobody else frames
// either page.
const (
	capturePolicy = policy + "frame-ancestors 'self'"
	cabinetPolicy = policy + "frame-src 'self'; frame-ancestors 'none'"
)

// Capture is the hosted page of one session.
func Capture() http.Handler { return newPage(built(), "capture.html", capturePolicy) }

// Cabinet is the customer's single page, behind every address of the cabinet.
// An address with an extension asks for a file, and there is none.
func Cabinet() http.Handler {
	page := newPage(built(), "cabinet.html", cabinetPolicy)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Ext(r.URL.Path) != "" {
			http.NotFound(w, r)
			return
		}
		page.ServeHTTP(w, r)
	})
}

// Assets serves the pages' scripts, styles and pictures under /assets/. Their
// names carry a hash of their content, so browsers keep them for ever.
func Assets() http.Handler { return &assets{files: built()} }

func built() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the folder's name is a constant
	}
	return files
}

// page is one HTML file, asked for anew each time, so that a new version of
// the program shows at once.
type page struct {
	html   *packed // nil: not built
	policy string
}

func newPage(files fs.FS, name, policy string) http.Handler {
	html, err := pack(files, name)
	if err != nil {
		return page{policy: policy}
	}
	return page{html, policy}
}

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.html == nil {
		http.Error(w, strings.TrimSuffix(NotBuilt, "\n"), http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Security-Policy", p.policy)
	h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
	h.Set("Referrer-Policy", "no-referrer") // the capture page's address is a credential
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-cache")
	p.html.serve(w, r)
}

// assets packs each file at its first use and keeps it.
type assets struct {
	files fs.FS
	ready sync.Map // name → *packed
}

func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if !strings.HasPrefix(name, "assets/") {
		http.NotFound(w, r)
		return
	}
	file, ok := a.ready.Load(name)
	if !ok {
		p, err := pack(a.files, name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		file, _ = a.ready.LoadOrStore(name, p)
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	file.(*packed).serve(w, r)
}

// packed is a file ready to be sent, plain or gzipped.
type packed struct {
	contentType   string
	tag           string // ETag
	plain, zipped []byte // zipped is nil where it would not pay
}

func pack(files fs.FS, name string) (*packed, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("read page file: %w", err)
	}
	sum := sha256.Sum256(data)
	p := &packed{contentType: contentType(name), tag: hex.EncodeToString(sum[:8]), plain: data}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := z.Write(data); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	if b.Len() < len(data)*9/10 {
		p.zipped = b.Bytes()
	}
	return p, nil
}

// contentType does not ask the machine's own tables, which differ.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json":
		return "application/json"
	case ".woff2":
		return "font/woff2"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func (p *packed) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	body, tag := p.plain, `"`+p.tag+`"`
	if p.zipped != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		body, tag = p.zipped, `"`+p.tag+`-gz"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(body) // a reader that went away is no error of ours
	}
}

// acceptsGzip reads an Accept-Encoding header; "gzip;q=0" is a refusal.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, quality, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			return strings.Trim(strings.TrimPrefix(strings.TrimSpace(quality), "q="), "0.") != "" || strings.TrimSpace(quality) == ""
		}
	}
	return false
}
