// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// longestAcknowledgement in bytes: what is longer says something.
const longestAcknowledgement = 80

// acknowledgements are the words of results that say no more than that it was done; those that are true say so by themselves.
var acknowledgements = map[string]bool{
	"ok": true, "okay": true, "done": true, "success": true, "successful": true, "successfully": true, "succeeded": true, "true": true, "accepted": true,
	"saved": true, "written": true, "wrote": true, "created": true, "updated": true, "deleted": true, "removed": true, "inserted": true, "added": true,
	"stored": true, "sent": true, "completed": true, "applied": true,
	"status": false, "result": false, "message": false, "output": false, "content": false, "type": false, "text": false, "id": false, "the": false, "has": false,
	"been": false, "was": false, "is": false, "file": false, "record": false, "row": false, "item": false, "entry": false, "email": false, "changes": false,
}

var acknowledgementSieve = sieveOf(acknowledgements)

// isAcknowledgement tells results that only say that it was done: whoever writes ten files hears ten times "ok".
func isAcknowledgement(text string) bool {
	if len(text) > longestAcknowledgement {
		return false
	}
	done := false
	for i := 0; i < len(text); {
		if wordBytes[text[i]] == 0 {
			i++
			continue
		}
		start := i
		var changes bool
		if i, changes = changing(text, i); changes {
			continue
		}
		says, known := findIn(acknowledgements, &acknowledgementSieve, text[start:i])
		if !known {
			return false
		}
		done = done || says
	}
	return done
}
