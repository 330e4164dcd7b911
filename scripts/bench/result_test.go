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
pkg: idflow/cmd/idflow
BenchmarkSelfie-2             	 10	59433039 ns/op	        30.012 cpu-ms/op	 1730892 B/op	      35 allocs/op
BenchmarkServe/ten_sessions   	  1	1500000000 ns/op	       412.5 MB	       900 B/op	       0 allocs/op
`

func TestPage(t *testing.T) {
	p := page{
		machine: "a machine", command: "go test", results: parse(strings.NewReader(output)),
		evaluations: []evaluation{{"idflow eval faces", "\naccuracy 99 %\n"}},
	}
	var text strings.Builder
	p.write(&text)
	for _, want := range []string{
		"on a machine.",
		"on the processor | 60 cpu-ms | 30.01 cpu-ms |\n",
		"after ten sessions | 400 MB | **412.5 MB** |\n",
		"## idflow eval faces\n\n```\naccuracy 99 %\n```\n",
		"### vision\n",
		"| Decode | 2ms | 1.2 MB | 5 |  |\n",
		"| Warp/half | 2ns |  |  |  |\n",
		"### cmd/idflow\n",
		"| Serve/ten_sessions | 1.5s | 900 B | 0 | 412.5 MB |\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, &text)
		}
	}
}
