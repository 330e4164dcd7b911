package viz

// span is a piece of a line that a text was found in: runes from and to of what
// was compared, and how alike they are, 1 for equal and 0 for nothing in
// common.
type span struct {
	from, to int
	alike    float64
}

// within finds where in long the text short is most like (Sellers 1980): the
// least number of characters to change, at the cost of nothing before and
// behind.
func within(short, long []rune) span {
	n, m := len(short), len(long)
	if n == 0 || m == 0 {
		return span{}
	}
	cost, start := make([]int, m+1), make([]int, m+1)
	for j := range start {
		start[j] = j
	}
	for i := 1; i <= n; i++ {
		diagonal, begin := cost[0], start[0]
		cost[0], start[0] = i, 0
		for j := 1; j <= m; j++ {
			c, b := diagonal, begin
			if short[i-1] != long[j-1] {
				c++
			}
			diagonal, begin = cost[j], start[j]
			if cost[j]+1 < c {
				c, b = cost[j]+1, start[j]
			}
			if cost[j-1]+1 < c {
				c, b = cost[j-1]+1, start[j-1]
			}
			cost[j], start[j] = c, b
		}
	}
	best := 0
	for j := range cost {
		if cost[j] < cost[best] {
			best = j
		}
	}
	return span{start[best], best, 1 - float64(cost[best])/float64(n)}
}

// distance is the number of characters to insert, delete or replace.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			c := diagonal
			if a[i] != b[j] {
				c++
			}
			diagonal = row[j+1]
			row[j+1] = min(c, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
