// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is one line of `go test -json`; see `go doc test2json`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64 // seconds
}

// test names one test, or with an empty name the package itself.
type test struct{ pkg, name string }

// report prints a line a package and the output of what failed, and counts.
type report struct {
	out            io.Writer
	passed, failed int
	skipped        []string
	output         map[test]*strings.Builder
	failedIn       map[string]int
}

func newReport(out io.Writer) *report {
	return &report{out: out, output: map[test]*strings.Builder{}, failedIn: map[string]int{}}
}

func (r *report) take(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil {
		fmt.Fprintf(r.out, "%s", line) // not an event: the go command itself speaks
		return
	}
	key := test{e.Package, e.Test}
	switch e.Action {
	case "output":
		if r.output[key] == nil {
			r.output[key] = &strings.Builder{}
		}
		r.output[key].WriteString(e.Output)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "fail", "skip":
		r.end(e, key)
		delete(r.output, key)
	}
}

func (r *report) end(e event, key test) {
	if e.Test == "" {
		r.endPackage(e, key)
		return
	}
	switch e.Action {
	case "pass":
		r.passed++
	case "skip":
		r.skipped = append(r.skipped, e.Package+" "+e.Test)
	case "fail":
		r.failed++
		r.failedIn[e.Package]++
		r.print(key)
	}
}

func (r *report) endPackage(e event, key test) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(r.out, "ok    %s %.1fs\n", e.Package, e.Elapsed)
	case "fail":
		if r.failedIn[e.Package] == 0 { // it did not build, panicked, timed out or leaked
			r.failed++
			r.print(key)
		}
		fmt.Fprintf(r.out, "FAIL  %s %.1fs\n", e.Package, e.Elapsed)
	}
}

func (r *report) print(key test) {
	if text := r.output[key]; text != nil {
		fmt.Fprint(r.out, text)
	}
}

// abort counts a run of go test that could not do its work.
func (r *report) abort(err error) {
	r.failed++
	fmt.Fprintln(r.out, "FAIL ", err)
}

// finish prints the summary, which is the last line, and tells whether all is well.
func (r *report) finish() bool {
	for _, name := range r.skipped {
		fmt.Fprintln(r.out, "skip ", name)
	}
	fmt.Fprintf(r.out, "%d passed, %d failed\n", r.passed, r.failed)
	return r.failed == 0 && r.passed > 0
}
