package specimen_test

import (
	"testing"

	"idflow/specimen"
)

func BenchmarkDraw(b *testing.B) {
	d := must(specimen.New(1).Document("utopia-passport"))
	for b.Loop() {
		must(specimen.Draw(d, specimen.Portrait{}))
	}
}

func BenchmarkPhotograph(b *testing.B) {
	g := specimen.New(1)
	p := must(specimen.Draw(must(g.Document("utopia-passport")), specimen.Portrait{}))
	for _, l := range specimen.Levels {
		c := g.Camera(l)
		b.Run(string(l), func(b *testing.B) {
			for b.Loop() {
				must(specimen.Photograph(p, c))
			}
		})
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
