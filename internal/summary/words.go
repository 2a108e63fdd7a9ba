// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package summary

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func percent(share float64) string { return fmt.Sprintf("%d %%", int(math.Round(share*100))) }

func dollars(billionths int64) string {
	usd := float64(billionths) / 1e9
	if usd < 0.01 {
		return fmt.Sprintf("%.6f USD", usd)
	}
	return fmt.Sprintf("%.2f USD", usd)
}

// thousands groups digits as in 12,800.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for at := len(s) - 3; at > 0 && s[at-1] != '-'; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return thousands(n) + " times"
}

func bytes(n int) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f KB", float64(n)/1000)
}

func orSome(name, some string) string {
	if name == "" {
		return some
	}
	return name
}
