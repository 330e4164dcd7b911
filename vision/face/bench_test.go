package face

import (
	"context"
	"syscall"
	"testing"
	"time"

	"idflow/specimen/portraits"
	"idflow/vision"
)

// jpeg is a portrait in the middle of w x h pixels, as a phone's page sends it.
func jpeg(b *testing.B, w, h int) []byte {
	b.Helper()
	m := pixels(b, portraits.Load(b).Person("A").Pictures[0])
	data, err := m.Warp(m.Letterbox(w, h), w, h).EncodeJPEG(90)
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// cpu adds the processor time of a run, all threads together, to the figures.
func cpu(b *testing.B, run func()) {
	b.Helper()
	run() // loads the networks
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	b.ReportAllocs()
	began := used()
	for b.Loop() {
		run()
	}
	b.ReportMetric((used()-began).Seconds()*1000/float64(b.N), "cpu-ms/op")
}

func BenchmarkTrackedFrame(b *testing.B) {
	a, data := open(b), jpeg(b, 480, 360)
	tr := a.NewTracker()
	cpu(b, func() {
		m, err := vision.Decode(data)
		if err != nil {
			b.Fatal(err)
		}
		if r, err := tr.Next(b.Context(), m, WantEyes|WantQuality); err != nil || r.Face == nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkNoFace(b *testing.B) {
	a, m := open(b), vision.New(640, 480)
	cpu(b, func() {
		if r, err := a.Analyze(b.Context(), m, WantAll); err != nil || r.Face != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkStages times each network with its drawing.
func BenchmarkStages(b *testing.B) {
	a := open(b)
	m, err := vision.Decode(jpeg(b, 640, 480))
	if err != nil {
		b.Fatal(err)
	}
	f := analyze(b, a, m, 0).Face
	p := a.borrow(m)
	ctx := context.Background()
	for name, run := range map[string]func() error{
		"detect": func() error {
			p.open(m)
			_, err := p.blaze.detect(ctx, &p.picture, 0)
			return err
		},
		"detect small": func() error { _, err := p.ultra.detect(ctx, &p.picture, 0); return err },
		"mesh":         func() error { return p.mesh.tracked(ctx, &p.picture, &f.Mesh) },
		"eyes":         func() error { _, err := p.eyes.measure(ctx, &p.picture, &f.Mesh); return err },
		"passive":      func() error { _, err := p.passive.measure(ctx, &p.picture, f.Box); return err },
		"embedding":    func() error { _, err := p.embedding.measure(ctx, &p.picture, &f.Mesh); return err },
		"quality":      func() error { return p.measure(ctx, f, WantQuality) },
	} {
		b.Run(name, func(b *testing.B) {
			cpu(b, func() {
				if err := run(); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}
