package main

import (
	"strings"
	"testing"
)

const output = `goos: linux
pkg: idflow/vision
cpu: something
BenchmarkDecode-2   	     100	   3000000 ns/op	 1228800 B/op	       5 allocs/op
BenchmarkDecode-2   	     100	   1000000 ns/op	 1228800 B/op	       5 allocs/op
BenchmarkDecode-2   	     100	   2000000 ns/op	 1228800 B/op	       5 allocs/op
BenchmarkWarp/half-2	    1000	       1.5 ns/op
BenchmarkWarp/half-2	    1000	       2.5 ns/op
PASS
pkg: idflow/e2e
BenchmarkServe      	       1	1500000000 ns/op	       212.5 MB	       900 B/op	       0 allocs/op
`

func TestWrite(t *testing.T) {
	var page strings.Builder
	write(&page, parse(strings.NewReader(output)), "go test", "a machine")
	for _, want := range []string{
		"go test\n", "on a machine.",
		"## vision\n",
		"| Decode | 2ms | 1.2 MB | 5 |  |\n",
		"| Warp/half | 2ns |  |  |  |\n",
		"## e2e\n",
		"| Serve | 1.5s | 900 B | 0 | 212.5 MB |\n",
	} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, &page)
		}
	}
}
