// Package eval measures accuracy and speed on labelled data.
package eval

import (
	"syscall"
	"time"
)

// cpuTime is the processor time this process has used so far, system calls
// included.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // cannot fail with these arguments
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
