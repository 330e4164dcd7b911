package barcode

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/boombuler/barcode/qr"

	"idflow/vision"
	"idflow/vision/barcode/aamva"
)

// cardText is the text of a licence of nobody, of 120 bytes and up.
func cardText(r *rand.Rand) string {
	var b strings.Builder
	fmt.Fprintf(&b, "@\n\x1e\rANSI 636000080001DL00310250DLDAQT%08d\nDCSSPECIMEN\nDACANNA\nDBD06062019\nDBB%02d%02d1986\nDBA12102027\nDBC%d\nDAU%03d in\n",
		r.IntN(1e8), 1+r.IntN(12), 1+r.IntN(28), 1+r.IntN(2), 58+r.IntN(20))
	for _, line := range []string{"DADMARIA", "DAG2300 WEST STREET", "DAIRICHMOND", "DAJVA", "DAK232690000", "DCF2424244747474786102204", "DCGUSA", "DAYBRO", "DDAF"} {
		if r.IntN(3) > 0 {
			b.WriteString(line + "\n")
		}
	}
	return b.String() + "ZVZVA"
}

// shot is a picture of a page with a PDF417 code.
type shot struct {
	name    string
	text    string
	picture *vision.Image
	page    vision.Quad // corners of the page in the picture
}

// Size of the straightened page in pixels: 85.6 x 54 mm at 12 to the millimetre.
const pageW, pageH = 1027, 648

// shots are 56 pictures like those that readers of PDF417 are compared by: 14
// pages with modules of 2 to 4 pixels and error correction of levels 2 to 5, each
// seen four ways.
func shots(t testing.TB) []shot {
	r := rand.New(rand.NewPCG(417, 56))
	var all []shot
	for n := range 14 {
		code, text := writePDF417(t, cardText(r), byte(2+n%4))
		page := paper(pageW, pageH)
		k := min(2+n%3, (pageW-60)/code.Bounds().Dx())
		rows := min(k+n%2, (pageH-60)/code.Bounds().Dy())
		place(page, code, (pageW-k*code.Bounds().Dx())/2, 30+r.IntN(40), k, rows)
		for way, seen := range []struct {
			name               string
			width              int     // of the picture, pixels
			turn, tilt         float64 // radians; share of the width by which the far side is shorter
			blur, noise, light float64 // pixels, grey levels, share of light lost to the right
		}{
			{"turned upright", 1600, 0.03 * r.NormFloat64(), 0.02, 0.5, 3, 0.1},
			{"turned", 1600, 2 * math.Pi * r.Float64(), 0.03, 0.6, 4, 0.3},
			{"tilted", 1600, 0.1 * r.NormFloat64(), 0.15, 0.7, 5, 0.4},
			{"blurred", 1900, 0.15 * r.NormFloat64(), 0.08, 1.2, 8, 0.5},
		} {
			s := photograph(page, seen.width, seen.turn, seen.tilt, seen.blur, seen.noise, seen.light, r)
			s.name, s.text = fmt.Sprintf("%d, modules of %d x %d, %s", 4*n+way, k, rows, seen.name), text
			all = append(all, s)
		}
	}
	return all
}

func photograph(page *vision.Image, width int, turn, tilt, blur, noise, light float64, r *rand.Rand) shot {
	w, h := float64(width), float64(width)*0.75
	half := vision.Point{X: 0.36 * w, Y: 0.36 * w * pageH / pageW}
	var q vision.Quad
	for i, c := range []vision.Point{{X: -1, Y: -1}, {X: 1, Y: -1}, {X: 1, Y: 1}, {X: -1, Y: 1}} {
		x, y := c.X*half.X*(1+tilt*c.Y), c.Y*half.Y
		q[i] = vision.Point{X: w/2 + x*math.Cos(turn) - y*math.Sin(turn), Y: h/2 + x*math.Sin(turn) + y*math.Cos(turn)}
	}
	back, _ := vision.NewHomography(q, vision.Quad{{X: 0, Y: 0}, {X: pageW, Y: 0}, {X: pageW, Y: pageH}, {X: 0, Y: pageH}})
	m := page.WarpPerspective(back, int(w), int(h))
	// Outside of the page lies a table.
	for y := range m.H {
		for x := range m.W {
			p := back.Apply(vision.Point{X: float64(x), Y: float64(y)})
			if p.X < 0 || p.Y < 0 || p.X > pageW || p.Y > pageH {
				d := m.Pix[3*(y*m.W+x):][:3]
				d[0], d[1], d[2] = 96, 88, 84
			}
		}
	}
	spread(m, blur)
	for i := range m.Pix {
		lit := float64(m.Pix[i]) * (1 - light*float64(i/3%m.W)/w)
		m.Pix[i] = uint8(min(255, max(0, lit+noise*r.NormFloat64())))
	}
	return shot{picture: m, page: q}
}

// spread blurs with a Gaussian of that deviation.
func spread(m *vision.Image, deviation float64) {
	n := int(3*deviation) + 1
	kernel := make([]float64, 2*n+1)
	sum := 0.0
	for i := range kernel {
		kernel[i] = math.Exp(-float64((i-n)*(i-n)) / (2 * deviation * deviation))
		sum += kernel[i]
	}
	for _, step := range []struct{ dx, dy int }{{1, 0}, {0, 1}} {
		src := append([]uint8(nil), m.Pix...)
		for y := range m.H {
			for x := range m.W {
				var v float64
				for i, k := range kernel {
					xx := min(m.W-1, max(0, x+step.dx*(i-n)))
					yy := min(m.H-1, max(0, y+step.dy*(i-n)))
					v += k * float64(src[3*(yy*m.W+xx)])
				}
				g := uint8(v/sum + 0.5)
				d := m.Pix[3*(y*m.W+x):][:3]
				d[0], d[1], d[2] = g, g, g
			}
		}
	}
}

// straight is the page as it lies.
func (s shot) straight() *vision.Image {
	h, _ := s.page.Onto(pageW, pageH)
	return s.picture.WarpPerspective(h, pageW, pageH)
}

// cpu is the time that this process has computed.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// What is read of the set, raw and straightened. The floors are what was measured;
// go test -v prints the figures.
func TestSet(t *testing.T) {
	ctx := context.Background()
	r := open(t, Limits{Time: time.Minute}) // however busy the machine is
	all := shots(t)
	if err := r.Warm(ctx); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		picture func(shot) *vision.Image
		floor   int
	}{
		{"straightened", shot.straight, 54},
		{"raw", func(s shot) *vision.Image { return s.picture }, 20},
	} {
		read, of := 0, 0
		var spent, worst time.Duration
		for _, s := range all {
			m := c.picture(s)
			before := cpu()
			codes, err := r.Read(ctx, m, PDF417)
			took := cpu() - before
			spent, worst = spent+took, max(worst, took)
			of++
			switch {
			case err != nil:
				t.Errorf("%s, %s: %v", c.name, s.name, err)
			case len(codes) == 1 && codes[0].Text == s.text:
				read++
				if _, err := aamva.Parse(codes[0].Text); err != nil {
					t.Errorf("%s, %s: %v", c.name, s.name, err)
				}
			case len(codes) > 0:
				t.Errorf("%s, %s: read wrongly: %q", c.name, s.name, codes[0].Text)
			default:
				t.Logf("%s, %s: not read, %v", c.name, s.name, took)
			}
		}
		t.Logf("%s: %d of %d, %v of CPU each, %v at most", c.name, read, of, (spent / time.Duration(of)).Round(10*time.Microsecond), worst.Round(time.Millisecond))
		if read < c.floor {
			t.Errorf("%s: %d of %d", c.name, read, of)
		}
	}
}

// A code that can hardly be corrected is rather not read than read wrongly.
func TestWeak(t *testing.T) {
	code, _ := writePDF417(t, longText, 1)
	page := paper(pageW, pageH)
	place(page, code, 100, 100, 2, 3)
	place(page, must(t)(qr.Encode("SPECIMEN", qr.M, qr.Unicode)), 400, 400, 5, 5)
	codes, err := reader(t).Read(context.Background(), page)
	if err != nil || len(codes) != 1 || codes[0].Format != QR {
		t.Errorf("%v, %v", codes, err)
	}
}

// Pictures of any size and content, and the next read of a code after each.
func FuzzRead(f *testing.F) {
	f.Add(uint16(3), uint16(3), []byte{0, 255})
	f.Add(uint16(1), uint16(900), []byte{1, 2, 250, 3})
	f.Add(uint16(300), uint16(0), []byte{})
	f.Fuzz(func(t *testing.T, w, h uint16, pattern []byte) {
		m := vision.New(int(w%1200), int(h%1200))
		for i := range m.Pix {
			if len(pattern) > 0 {
				m.Pix[i] = pattern[i/3%len(pattern)]
			}
		}
		_, err := reader(t).Read(context.Background(), m)
		if (err != nil) != (m.W == 0 || m.H == 0) {
			t.Logf("%d x %d: %v", m.W, m.H, err)
		}
		good := paper(200, 200)
		place(good, must(t)(qr.Encode("SPECIMEN", qr.M, qr.Unicode)), 30, 30, 4, 4)
		if codes, err := reader(t).Read(context.Background(), good, QR); err != nil || len(codes) != 1 {
			t.Errorf("after %d x %d: %v, %v", m.W, m.H, codes, err)
		}
	})
}

func BenchmarkReadPDF417(b *testing.B) {
	s := shots(b)[0].straight()
	for b.Loop() {
		if codes, err := reader(b).ReadUntil(context.Background(), s, func(Code) bool { return true }, PDF417); err != nil || len(codes) != 1 {
			b.Fatal(codes, err)
		}
	}
}
