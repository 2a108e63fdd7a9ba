// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"fmt"
	"os"
	"os/exec"
)

// Validate runs "llmcol validate" on the configurations, merged in their order. The error holds what the
// command printed.
func Validate(configs []string, env ...string) error {
	binary, err := Binary()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "llmcol-validate-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	args, err := writeConfigs(dir, configs)
	if err != nil {
		return err
	}
	validate := exec.Command(binary, append([]string{"validate"}, args...)...)
	validate.Dir = dir
	validate.Env = append(os.Environ(), env...)
	if out, err := validate.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}
