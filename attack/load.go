package attack

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"idflow/vision"
)

// Load is how fast a server answers the frames of many people at once.
type Load struct {
	People   int           `json:"people"`
	Rate     float64       `json:"rate"` // frames a second that each sent, on average
	Frames   int           `json:"frames"`
	Busy     int           `json:"busy"` // passages that were not let in
	Median   time.Duration `json:"median"`
	P95      time.Duration `json:"p95"`
	Duration time.Duration `json:"duration"`
}

// crowdRate is how many frames a second each person of a crowd sends.
const crowdRate = 5

// Crowd has people pass at the same time for a while, each sending five frames
// a second and none while an answer is due.
func (k *Kit) Crowd(ctx context.Context, t *Target, people int, length time.Duration) (*Load, error) {
	m, _, err := k.framed(ctx, k.Material.Subjects[0].Pictures[0])
	if err != nil || m == nil {
		return nil, fmt.Errorf("the first subject has no face (%w)", err)
	}
	flow, err := t.flow(ctx, flows["LD face"][0], flows["LD face"][1])
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	l := &Load{People: people, Duration: length}
	var mu sync.Mutex
	var group sync.WaitGroup
	var answers []time.Duration
	for range people {
		group.Go(func() {
			for ctx.Err() == nil {
				c := &crowded{picture: m}
				out, _ := t.play(ctx, flow, c, nil) // broken off when the time is over
				busy := len(out.Reasons) > 0 && out.Reasons[0] == "busy"
				mu.Lock()
				answers = append(answers, c.answers...)
				if busy {
					l.Busy++
				}
				mu.Unlock()
				if busy { // comes back in a second, and not in fifteen as it was told
					select {
					case <-time.After(time.Second):
					case <-ctx.Done():
					}
				}
			}
		})
	}
	group.Wait()
	l.Frames = len(answers)
	l.Rate = float64(l.Frames) / float64(people) / length.Seconds()
	l.Median, l.P95 = percentile(answers, 0.5), percentile(answers, 0.95)
	return l, nil
}

// crowded holds still before the camera and measures how long answers take.
type crowded struct {
	picture *vision.Image
	sent    time.Time
	answers []time.Duration
}

func (c *crowded) frame(Advice) *vision.Image {
	if !c.sent.IsZero() {
		c.answers = append(c.answers, time.Since(c.sent))
		time.Sleep(time.Until(c.sent.Add(time.Second / crowdRate)))
	}
	c.sent = time.Now()
	return c.picture
}

// Table prints the figures for people.
func (l *Load) Table(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%d people, %.1f frames a second each for %v: %d frames, answers median %v, p95 %v; turned away %d times\n",
		l.People, l.Rate, l.Duration, l.Frames, l.Median.Round(time.Millisecond), l.P95.Round(time.Millisecond), l.Busy)
	return err
}
