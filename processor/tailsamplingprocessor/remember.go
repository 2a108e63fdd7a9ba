// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package tailsamplingprocessor

import "sync"

const defaultRemembered = 128

// remember keeps up to size answers of f, 128 if size is 0, and forgets them all when they are more.
func remember(f func(string) bool, size int) func(string) bool {
	if size <= 0 {
		size = defaultRemembered
	}
	var mu sync.RWMutex
	answers := map[string]bool{}
	return func(s string) bool {
		mu.RLock()
		answer, ok := answers[s]
		mu.RUnlock()
		if ok {
			return answer
		}
		answer = f(s)
		mu.Lock()
		defer mu.Unlock()
		if len(answers) >= size {
			clear(answers)
		}
		answers[s] = answer
		return answer
	}
}
