package models

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Limits on what is read out of a tarball, far above what the packages hold
// (220 MB unpacked, 36 MB the largest file).
const (
	maxUnpacked = 1 << 30
	maxFile     = 128 << 20
)

// unpack hands the source file of each wanted artifact to install. Names in the
// tarball are only compared with the manifest's and never become paths on the
// disk; only regular files count.
func unpack(tarball string, wanted []Artifact, install func(Artifact, []byte) error) error {
	file, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer file.Close()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	byPath := map[string][]Artifact{}
	for _, a := range wanted {
		byPath[a.From.Path] = append(byPath[a.From.Path], a)
	}
	archive := tar.NewReader(io.LimitReader(zipped, maxUnpacked))
	for len(byPath) > 0 {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		// npm puts everything into one top folder, "package" as a rule.
		_, path, _ := strings.Cut(header.Name, "/")
		artifacts := byPath[path]
		if len(artifacts) == 0 || header.Typeflag != tar.TypeReg {
			continue
		}
		delete(byPath, path)
		data, err := readFile(archive, header.Size)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		for _, a := range artifacts {
			if err := install(a, data); err != nil {
				return err
			}
		}
	}
	for path := range byPath {
		return fmt.Errorf("%s is not in the package", path)
	}
	return nil
}

func readFile(r io.Reader, size int64) ([]byte, error) {
	if size > maxFile {
		return nil, fmt.Errorf("%d bytes, more than %d", size, maxFile)
	}
	data := make([]byte, size)
	_, err := io.ReadFull(r, data)
	return data, err
}
