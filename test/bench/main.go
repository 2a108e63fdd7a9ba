// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

// Command bench is `make bench`: it runs the Go benchmarks and the built binary, and prints what was measured
// beside the budgets of design.md section 6. With -smoke it runs each benchmark once, only to see that it works.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
)

func main() {
	smoke := flag.Bool("smoke", false, "run each benchmark once and hold nothing against a budget")
	whole := flag.Int("whole", 0, "only compare the whole pipeline, with so many spans")
	long := flag.Duration("soak", 0, "only send to the whole pipeline for so long, and watch its memory and its counts")
	flag.Parse()
	var ok bool
	var err error
	switch {
	case *long > 0:
		ok, err = soak(*long, os.Stdout)
	case *whole > 0:
		ok, err = blackBox(*whole, 1, os.Stdout)
	default:
		ok, err = bench(*smoke)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	if !ok {
		os.Exit(1)
	}
}

func bench(smoke bool) (ok bool, err error) {
	often := []string{"-count", "3", "-benchtime", "300ms"}
	if smoke {
		often = []string{"-benchtime", "1x"}
	}
	output, err := goTest(append([]string{"test", "-run", "^$", "-bench", ".", "-benchmem", "-p", "1", "./..."}, often...))
	if err != nil {
		return false, err
	}
	results := parse(output)
	if smoke {
		fmt.Printf("%d benchmarks ran\n", len(results))
		_, err = blackBox(1200, 1, io.Discard)
		return len(results) > 0, err
	}
	fmt.Println()
	ok = compare(os.Stdout, budgets, results)
	whole, err := blackBox(360_000, 3, os.Stdout)
	return ok && whole, err
}

// goTest runs it and shows what it prints while it runs.
func goTest(args []string) (string, error) {
	var output bytes.Buffer
	test := exec.Command("go", args...)
	test.Stdout, test.Stderr = io.MultiWriter(os.Stdout, &output), os.Stderr
	if err := test.Run(); err != nil {
		return "", fmt.Errorf("go test -bench: %w", err)
	}
	return output.String(), nil
}
