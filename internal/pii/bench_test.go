// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const benchValue = 4 << 10 // bytes of one text, as of a prompt

// benchTexts cuts text into values.
func benchTexts(text string) (values []string) {
	for len(text) >= benchValue {
		values, text = append(values, text[:benchValue]), text[benchValue:]
	}
	return values
}

// prose is Newton's Opticks, which comes with Go.
func prose(b *testing.B) []string {
	text, err := os.ReadFile(filepath.Join(goSource(b), "testdata", "Isaac.Newton-Opticks.txt"))
	if err != nil {
		b.Skip("no prose in Go's source tree: ", err)
	}
	return benchTexts(string(text))
}

// dense has one value in about a hundred bytes of words.
func dense() []string {
	values := []string{"jane.doe@example.com", "4111 1111 1111 1111", "078-05-1120", "203.0.113.42", "DE89370400440532013000", "AKIAIOSFODNN7EXAMPLE", "(415) 555-0132",
		"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"}
	words := strings.Fields("the light which comes from the bodies that are seen by it and falls on the glass at an angle bends towards the side of the prism where the colours part")
	rng := rand.New(rand.NewPCG(3, 4))
	var b strings.Builder
	for b.Len() < 400<<10 {
		for n := b.Len(); b.Len()-n < 80; {
			b.WriteString(words[rng.IntN(len(words))] + " ")
		}
		b.WriteString(values[rng.IntN(len(values))] + " ")
	}
	return benchTexts(b.String())
}

func telemetry() []string {
	rng := rand.New(rand.NewPCG(5, 6))
	var b strings.Builder
	for b.Len() < 400<<10 {
		b.WriteString(telemetryLine(rng) + "\n")
	}
	return benchTexts(b.String())
}

func benchmarkScan(b *testing.B, texts []string) {
	s, _, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	var out []Match
	b.SetBytes(benchValue)
	b.ReportAllocs()
	defer reportCPU(b)()
	i := 0
	for b.Loop() {
		out = s.Scan(out[:0], texts[i%len(texts)], Broad)
		i++
	}
}

// reportCPU adds the throughput a second of CPU time, which a busy machine
// does not change as much as the clock's.
func reportCPU(b *testing.B) func() {
	start := cpuTime()
	return func() {
		b.ReportMetric(float64(b.N)*benchValue/1e6/(cpuTime()-start).Seconds(), "cpu-MB/s")
	}
}

func cpuTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkScanProse(b *testing.B)     { benchmarkScan(b, prose(b)) }
func BenchmarkScanDense(b *testing.B)     { benchmarkScan(b, dense()) }
func BenchmarkScanTelemetry(b *testing.B) { benchmarkScan(b, telemetry()) }

func BenchmarkRewriteDense(b *testing.B) {
	s, _, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	a, err := NewActions(s, ActionOptions{Key: make([]byte, MinKeyBytes)})
	if err != nil {
		b.Fatal(err)
	}
	texts := dense()
	var out []Match
	var dst []byte
	b.SetBytes(benchValue)
	b.ReportAllocs()
	defer reportCPU(b)()
	i := 0
	for b.Loop() {
		text := texts[i%len(texts)]
		out = s.Scan(out[:0], text, Broad)
		dst = a.AppendRewrite(dst[:0], text, out)
		i++
	}
}

func BenchmarkScanShort(b *testing.B) {
	s, _, err := New(Options{})
	if err != nil {
		b.Fatal(err)
	}
	values := []string{"gpt-4o-2024-08-06", "stop", "chat", "a8f0c1de2b3f4a5b", "POST", "http://collector:4318/v1/traces", "weather agent"}
	key := s.Under("gen_ai.request.model")
	var out []Match
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		out = key.Scan(out[:0], values[i%len(values)], Precise)
		i++
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := New(Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
