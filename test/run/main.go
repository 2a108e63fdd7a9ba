// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Command run is `make test`: it runs every test of the module, with the race detector where a C compiler
// is found, and ends with one line that counts them.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// underRace are the folders whose tests run in the process under test. The rest starts the built binary,
// or compiles the whole distribution, which takes minutes for a second time with the race detector.
var underRace = []string{"internal/", "processor/", "connector/"}

func main() {
	report := newReport(os.Stdout)
	groups, err := groups()
	if err != nil {
		report.abort(err)
	}
	for _, group := range groups {
		if err := runGroup(group, report); err != nil {
			report.abort(err)
		}
	}
	if !report.finish() {
		os.Exit(1)
	}
}

// group is one `go test`.
type group struct {
	packages []string
	race     bool
}

func groups() ([]group, error) {
	list := exec.Command("go", "list", "-f", "{{.Module.Path}} {{.ImportPath}}", "./...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list ./...: %w", err)
	}
	var inProcess, rest []string
	for line := range strings.Lines(string(out)) {
		module, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		if hasAnyPrefix(strings.TrimPrefix(path, module+"/"), underRace) {
			inProcess = append(inProcess, path)
		} else {
			rest = append(rest, path)
		}
	}
	race := hasCCompiler()
	if race {
		fmt.Println("race detector: on for", strings.Join(underRace, ", "))
	} else {
		fmt.Println("race detector: off, no C compiler found")
	}
	return []group{{packages: inProcess, race: race}, {packages: rest}}, nil
}

func hasAnyPrefix(s string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(s, prefix) })
}

// hasCCompiler compiles a program that needs what the race detector needs: a compiler and libc's headers.
func hasCCompiler() bool {
	cc, err := exec.Command("go", "env", "CC").Output()
	if err != nil {
		return false
	}
	dir, err := os.MkdirTemp("", "cc-")
	if err != nil {
		return false
	}
	defer os.RemoveAll(dir)
	compile := exec.Command(strings.TrimSpace(string(cc)), "-x", "c", "-o", filepath.Join(dir, "out"), "-", "-lpthread")
	compile.Stdin = strings.NewReader("#include <stdlib.h>\n#include <pthread.h>\nint main(void) { return EXIT_SUCCESS; }\n")
	return compile.Run() == nil
}

// runGroup hands each event of `go test -json` to the report. An error means that go test failed for
// a reason that is none of the tests it reported.
func runGroup(g group, report *report) error {
	if len(g.packages) == 0 {
		return nil
	}
	args := []string{"test", "-json", "-timeout", "20m"}
	env := append(os.Environ(), "CGO_ENABLED=0")
	if g.race {
		args = append(args, "-race")
		env = append(os.Environ(), "CGO_ENABLED=1")
	}
	test := exec.Command("go", append(args, g.packages...)...)
	test.Env, test.Stderr = env, os.Stderr
	events, err := test.StdoutPipe()
	if err != nil {
		return err
	}
	if err := test.Start(); err != nil {
		return err
	}
	before := report.failed
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			report.take(line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
	}
	if err := test.Wait(); err != nil && report.failed == before {
		return fmt.Errorf("go test: %w", err)
	}
	return nil
}
