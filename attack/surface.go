package attack

import (
	"math"

	"idflow/vision"
)

// vec is a point in centimetres before the camera: x to the right, y down, z
// away from it.
type vec struct{ x, y, z float64 }

// surface is a textured mesh.
type surface struct {
	points    []vec
	texels    []vision.Point // where each point lies in the texture, pixels
	triangles [][3]int
	paint     map[int][3]uint8 // triangles that have a colour of their own instead
}

// camera is a pinhole in the middle of a frame.
type camera struct {
	w, h  int
	focal float64 // pixels
}

// webcam has 65 degrees from side to side, as laptops and phones have about.
var webcam = camera{w: 480, h: 360, focal: 377}

func (c camera) project(p vec) (x, y float64) {
	return float64(c.w)/2 + c.focal*p.x/p.z, float64(c.h)/2 + c.focal*p.y/p.z
}

// unproject is the point at depth z that is seen at x, y.
func (c camera) unproject(x, y, z float64) vec {
	return vec{(x - float64(c.w)/2) * z / c.focal, (y - float64(c.h)/2) * z / c.focal, z}
}

// canvas is a frame with the depth of what it shows.
type canvas struct {
	*vision.Image
	depth []float64
}

func newCanvas(m *vision.Image) *canvas {
	c := &canvas{m, make([]float64, m.W*m.H)}
	for i := range c.depth {
		c.depth[i] = math.Inf(1)
	}
	return c
}

// draw shows the surface with its points moved to at.
func (c *canvas) draw(cam camera, s *surface, at []vec, texture *vision.Image) {
	for i, t := range s.triangles {
		colour, painted := s.paint[i]
		c.triangle(cam, s, at, t, texture, colour, painted)
	}
}

// triangle fills one triangle, with the texture in true perspective.
func (c *canvas) triangle(cam camera, s *surface, at []vec, t [3]int, texture *vision.Image, colour [3]uint8, painted bool) {
	var x, y, w [3]float64 // w: inverse depth
	for i, v := range t {
		if at[v].z < 1 {
			return
		}
		x[i], y[i] = cam.project(at[v])
		w[i] = 1 / at[v].z
	}
	area := (x[1]-x[0])*(y[2]-y[0]) - (x[2]-x[0])*(y[1]-y[0])
	if math.Abs(area) < 1e-9 {
		return
	}
	x0, x1 := span(x, c.W)
	y0, y1 := span(y, c.H)
	for py := y0; py <= y1; py++ {
		for px := x0; px <= x1; px++ {
			fx, fy := float64(px), float64(py)
			a := ((x[1]-fx)*(y[2]-fy) - (x[2]-fx)*(y[1]-fy)) / area
			b := ((x[2]-fx)*(y[0]-fy) - (x[0]-fx)*(y[2]-fy)) / area
			d := 1 - a - b
			if a < -1e-6 || b < -1e-6 || d < -1e-6 {
				continue
			}
			inverse := a*w[0] + b*w[1] + d*w[2]
			i := py*c.W + px
			if z := 1 / inverse; z >= c.depth[i] {
				continue
			} else {
				c.depth[i] = z
			}
			p := c.Pix[3*i:][:3]
			if painted {
				copy(p, colour[:])
				continue
			}
			k0, k1, k2 := a*w[0]/inverse, b*w[1]/inverse, d*w[2]/inverse
			u := s.texels[t[0]].Mul(k0).Add(s.texels[t[1]].Mul(k1)).Add(s.texels[t[2]].Mul(k2))
			sample(p, texture, u)
		}
	}
}

// span is the range of whole numbers between the least and the most, in 0 to n-1.
func span(v [3]float64, n int) (from, to int) {
	least, most := min(v[0], v[1], v[2]), max(v[0], v[1], v[2])
	return max(0, int(math.Ceil(least))), min(n-1, int(math.Floor(most)))
}

// sample reads a texture between its pixels.
func sample(dst []uint8, m *vision.Image, p vision.Point) {
	x, y := min(max(p.X, 0), float64(m.W-1)), min(max(p.Y, 0), float64(m.H-1))
	ix, iy := min(int(x), m.W-2), min(int(y), m.H-2)
	if ix < 0 || iy < 0 {
		return
	}
	fx, fy := x-float64(ix), y-float64(iy)
	i := 3 * (iy*m.W + ix)
	j := i + 3*m.W
	for c := range 3 {
		top := float64(m.Pix[i+c])*(1-fx) + float64(m.Pix[i+3+c])*fx
		bottom := float64(m.Pix[j+c])*(1-fx) + float64(m.Pix[j+3+c])*fx
		dst[c] = uint8(top*(1-fy) + bottom*fy + 0.5)
	}
}

// triangulate is Delaunay's triangulation by Bowyer and Watson: of some 500
// points, once for every face.
func triangulate(points []vision.Point) (out [][3]int) {
	n := len(points)
	all := append(points[:n:n], vision.Point{X: -1e5, Y: -1e5}, vision.Point{X: 1e5, Y: -1e5}, vision.Point{X: 0, Y: 2e5})
	triangles := [][3]int{{n, n + 1, n + 2}}
	for i := range n {
		edges := map[[2]int]int{}
		kept := triangles[:0:0]
		for _, t := range triangles {
			if !inCircle(all[t[0]], all[t[1]], all[t[2]], all[i]) {
				kept = append(kept, t)
				continue
			}
			for k := range 3 {
				a, b := t[k], t[(k+1)%3]
				edges[[2]int{min(a, b), max(a, b)}]++
			}
		}
		for e, times := range edges {
			if times == 1 {
				kept = append(kept, [3]int{e[0], e[1], i})
			}
		}
		triangles = kept
	}
	for _, t := range triangles {
		if max(t[0], t[1], t[2]) < n {
			out = append(out, t)
		}
	}
	return out
}

// inCircle reports whether p lies in the circle through a, b and c.
func inCircle(a, b, c, p vision.Point) bool {
	ax, ay, bx, by, cx, cy := a.X-p.X, a.Y-p.Y, b.X-p.X, b.Y-p.Y, c.X-p.X, c.Y-p.Y
	det := (ax*ax+ay*ay)*(bx*cy-cx*by) - (bx*bx+by*by)*(ax*cy-cx*ay) + (cx*cx+cy*cy)*(ax*by-bx*ay)
	if (b.X-a.X)*(c.Y-a.Y)-(c.X-a.X)*(b.Y-a.Y) < 0 {
		det = -det
	}
	return det > 0
}
