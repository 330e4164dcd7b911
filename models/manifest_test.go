package models

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the sizes and SHA-256 of own/*.onnx into manifest.json")

func TestManifest(t *testing.T) {
	m := list()
	if *update {
		rewrite(t, m)
	}
	hex := regexp.MustCompile(`^[0-9a-f]{64}$`)
	packages := map[string]bool{"": true}
	for _, p := range m.Packages {
		packages[p.Name] = true
		complete(t, p.Name, p)
		if raw, err := base64.StdEncoding.DecodeString(p.SHA512); err != nil || len(raw) != 64 {
			t.Errorf("%s: the SHA-512 is not one", p.Name)
		}
	}
	check := func(name string, a Artifact) {
		if !packages[a.From.Package] {
			t.Errorf("%s comes from %s, which is not in the list", name, a.From.Package)
		}
		if !hex.MatchString(a.SHA256) || a.From.TFLite != nil && !hex.MatchString(a.From.TFLite.SHA256) {
			t.Errorf("%s: the SHA-256 is not one", name)
		}
		if a.Bytes <= 0 || a.File != filepath.Base(a.File) || a.From.Path == "" || len(a.From.Range)%2 != 0 {
			t.Errorf("%s: %+v", name, a)
		}
	}
	seen := map[string]bool{}
	for _, l := range m.Runtime {
		check(l.OS+"/"+l.Arch, l.Artifact)
	}
	for _, p := range m.Programs {
		check(p.Name, p.Artifact)
		complete(t, p.Name, p)
	}
	for _, n := range m.Nets {
		check(n.Name, n.Artifact)
		complete(t, n.Name, n)
		if seen[n.Name] || seen[n.File] {
			t.Errorf("%s is there twice", n.Name)
		}
		seen[n.Name], seen[n.File] = true, true
	}
}

// complete finds the texts that nobody filled in.
func complete(t *testing.T, name string, described any) {
	t.Helper()
	v := reflect.ValueOf(described)
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.String && f.String() == "" {
			t.Errorf("%s: %s is empty", name, v.Type().Field(i).Name)
		}
	}
}

func TestOwnNetworks(t *testing.T) {
	committed, err := filepath.Glob("own/*.onnx")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, n := range list().Nets {
		if n.From.Package != "" {
			continue
		}
		listed = append(listed, n.From.Path)
		data, err := os.ReadFile(n.From.Path)
		if err != nil {
			t.Error(err)
		} else if n.SHA256 != sum(data) || n.Bytes != int64(len(data)) {
			t.Errorf("%s differs from the manifest: go test ./models -run TestManifest -update", n.From.Path)
		}
	}
	slices.Sort(listed)
	if !slices.Equal(committed, listed) {
		t.Errorf("own holds %v, the manifest lists %v", committed, listed)
	}
}

// rewrite brings the manifest in line with the files in own.
func rewrite(t *testing.T, m *manifest) {
	t.Helper()
	for i := range m.Nets {
		n := &m.Nets[i]
		if n.From.Package != "" {
			continue
		}
		data, err := os.ReadFile(n.From.Path)
		if err != nil {
			t.Fatal(err)
		}
		n.Bytes, n.SHA256 = int64(len(data)), sum(data)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("manifest.json", text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Everything that is not ours is named in THIRD_PARTY.md.
func TestThirdParty(t *testing.T) {
	text, err := os.ReadFile("../THIRD_PARTY.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Packages() {
		if want := p.Name + "@" + p.Version; !strings.Contains(string(text), want) {
			t.Errorf("THIRD_PARTY.md does not name %s", want)
		}
	}
	for _, p := range Programs() {
		if !strings.Contains(string(text), "`"+p.File+"`") {
			t.Errorf("THIRD_PARTY.md does not name %s", p.File)
		}
	}
	for _, n := range Nets() {
		if !strings.Contains(string(text), "`"+n.Name+"`") {
			t.Errorf("THIRD_PARTY.md does not name the network %s", n.Name)
		}
	}
}
