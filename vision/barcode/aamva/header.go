package aamva

import (
	"strings"
)

// header is what stands before the subfiles.
type header struct {
	iin          string
	version      int
	jurisdiction int
	kind         string
}

// parseHeader reads the header and gives what follows. In front there should be
// "@", line feed, record separator, carriage return; issuers and readers spoil
// these four in every way, so only what comes behind is looked for, near the
// begin.
func parseHeader(text string) (header, string, error) {
	rest, ok := behindMark(text)
	if !ok || len(rest) < 8 || !allDigits(rest[:8]) {
		return header{}, "", ErrHeader
	}
	h := header{iin: rest[:6], version: number(rest[6:8])}
	rest = rest[8:]
	// From version 2 on the jurisdiction counts its own versions. Some issuers of
	// version 1 do so too: then four digits stand before the first subfile.
	digits := leadingDigits(rest)
	if h.version >= 2 && digits >= 2 || digits >= 4 {
		h.jurisdiction = number(rest[:2])
		rest = rest[2:]
	}
	// How many subfiles there are; what is there counts.
	rest = rest[min(leadingDigits(rest), 2):]
	for len(rest) >= 10 && isUpper(rest[0]) && isUpper(rest[1]) && allDigits(rest[2:10]) {
		if h.kind == "" {
			h.kind = rest[:2]
		}
		rest = rest[10:]
	}
	if h.kind == "" && (strings.HasPrefix(rest, "DL") || strings.HasPrefix(rest, "ID")) {
		h.kind = rest[:2]
	}
	return h, rest, nil
}

// maxFront is how many bytes may stand before the file type.
const maxFront = 12

// behindMark finds the file type: "ANSI " since 2000 (some leave the space out),
// "AAMVA" before.
func behindMark(text string) (string, bool) {
	for _, mark := range []string{"ANSI", "AAMVA"} {
		at := strings.Index(text, mark)
		if at >= 0 && at <= maxFront {
			return strings.TrimLeft(text[at+len(mark):], " "), true
		}
	}
	return "", false
}

func allDigits(s string) bool { return leadingDigits(s) == len(s) }

func leadingDigits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// number is the value of a few digits.
func number(digits string) int {
	n := 0
	for i := range len(digits) {
		n = 10*n + int(digits[i]-'0')
	}
	return n
}
