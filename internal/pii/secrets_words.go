// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"math"
	"strings"
)

// secretKind is what a name announces.
type secretKind uint8

const (
	noSecret secretKind = iota
	passwordWord
	keyWord   // api_key, client_secret: always a secret
	tokenWord // a secret, or a word of language models
	headerWord
	cookieWord
)

// secretNames are the words, in lower case without separators, with which the
// name of a secret ends.
var secretNames = map[string]secretKind{
	"password": passwordWord, "passwd": passwordWord, "pwd": passwordWord, "passphrase": passwordWord, "passcode": passwordWord,
	"userpass": passwordWord, "dbpass": passwordWord, "mysqlpwd": passwordWord, "pgpass": passwordWord, "smtppass": passwordWord, "pass": passwordWord,
	"passwort": passwordWord, "kennwort": passwordWord, "contraseña": passwordWord, "contrasena": passwordWord, "senha": passwordWord, "motdepasse": passwordWord,
	"passwords": passwordWord, "passwordconfirmation": passwordWord, "confirmpassword": passwordWord,
	"secret": keyWord, "apikey": keyWord, "apikeys": keyWord, "xapikey": keyWord, "accesskey": keyWord, "secretkey": keyWord, "privatekey": keyWord, "authkey": keyWord,
	"encryptionkey": keyWord, "signingkey": keyWord, "masterkey": keyWord, "accountkey": keyWord, "sharedkey": keyWord, "servicekey": keyWord,
	"subscriptionkey": keyWord, "licensekey": keyWord, "appkey": keyWord, "applicationkey": keyWord, "clientkey": keyWord,
	"deploykey": keyWord, "webhookkey": keyWord, "integrationkey": keyWord, "ingestionkey": keyWord, "accesskeyid": keyWord,
	"secretaccesskey": keyWord, "clientsecret": keyWord, "appsecret": keyWord, "credential": keyWord, "credentials": keyWord, "privatekeyid": keyWord, "creds": keyWord,
	"token": tokenWord, "jwt": keyWord,
	"authorization": headerWord, "proxyauthorization": headerWord, "auth": tokenWord, "xauth": headerWord, "bearer": headerWord,
	"cookie": cookieWord, "setcookie": cookieWord, "cookies": cookieWord, "jsessionid": tokenWord, "phpsessid": tokenWord,
}

const longestSecretName = 20

// languageTokens are the words before "token" that make it a word of language
// models, of paging or of parsers.
var languageTokens = wordSetOf("max", "min", "input", "output", "prompt", "completion", "total", "first", "last", "next", "prev", "previous", "page", "continuation", "pagination", "delta", "resume", "skip", "cursor", "idempotency", "lease", "watch", "per", "stop",
	"eos", "bos", "pad", "unk", "mask", "sep", "cls", "special", "start", "end", "sync", "cancellation", "public", "csrf", "xsrf", "csrfmiddleware", "web", "trial", "authenticity", "cached", "reasoning", "text", "image", "audio", "new", "current", "top", "each")

// credentialTokens are the words before "token" that leave no doubt.
var credentialTokens = wordSetOf("access", "auth", "refresh", "id", "session", "bearer", "api", "security", "secret", "bot", "personal", "oauth", "oauth2",
	"github", "gitlab", "slack", "user", "service", "private", "device", "push", "login", "sso", "jwt", "hf", "aws", "npm", "vault", "x", "deploy", "webhook")

// keyOwners are the words before "key" that make it the key to a service.
var keyOwners = wordSetOf("openai", "anthropic", "claude", "mistral", "cohere", "deepseek", "gemini", "google", "azure", "groq", "xai", "together", "replicate", "fireworks", "voyage",
	"stability", "elevenlabs", "kimi", "moonshot", "qdrant", "weaviate", "pinecone", "portkey", "helicone", "litellm", "langfuse", "langsmith", "ai21", "cerebras", "nvidia", "wandb", "hf", "huggingface",
	"perplexity", "openrouter", "tavily", "serper", "serpapi", "datadog", "dd", "newrelic", "heroku", "hubspot", "snyk", "stripe", "twilio", "sendgrid", "mailgun", "algolia", "cloudflare", "okta", "aws", "gcp", "ssh", "pgp", "rsa", "ai", "llm", "hmac", "jwt", "admin")

func wordSetOf(words ...string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// secretEnds has the last two letters of secretNames, without case.
var secretEnds = func() (set [1 << 10]bool) {
	for name := range secretNames {
		set[bucket(name[len(name)-2], name[len(name)-1])] = true
	}
	return set
}()

// words is a name taken apart at separators and camel-case borders, in lower
// case: the last few words of it.
type words struct {
	buf  [longestSecretName * 2]byte
	from [6]int // where the words begin, last word first
	n    int
}

// split reads name from its end. It stops when it has what any secret's name
// has.
func (w *words) split(name string) {
	at := len(w.buf)
	for i := len(name) - 1; i >= 0 && w.n < len(w.from) && at > 0; i-- {
		b := name[i]
		if b == '_' || b == '-' || b == '.' || b == ' ' {
			w.close(at)
			continue
		}
		at--
		w.buf[at] = toLower(b)
		if isUpper(b) && i > 0 && (isLower(name[i-1]) || i+1 < len(name) && isLower(name[i+1])) {
			w.close(at)
		}
	}
	w.close(at)
}

func (w *words) close(at int) {
	if w.n < len(w.from) && at < w.end() {
		w.from[w.n] = at
		w.n++
	}
}

func (w *words) end() int {
	if w.n == 0 {
		return len(w.buf)
	}
	return w.from[w.n-1]
}

// tail joins the last n words.
func (w *words) tail(n int) []byte { return w.buf[w.from[n-1]:] }

// word returns the k-th word from the end.
func (w *words) word(k int) []byte {
	if k >= w.n {
		return nil
	}
	end := len(w.buf)
	if k > 0 {
		end = w.from[k-1]
	}
	return w.buf[w.from[k]:end]
}

// kindOf tells what a name such as "db.password" or "STRIPE_API_KEY"
// announces.
func kindOf(name string) secretKind {
	if len(name) < 3 || !secretEnds[bucket(name[len(name)-2], name[len(name)-1])] {
		return noSecret
	}
	var w words
	w.split(name)
	kind := noSecret
	for n := min(w.n, 4); n >= 1 && kind == noSecret; n-- {
		kind = secretNames[string(w.tail(n))]
	}
	if kind == noSecret && string(w.word(0)) == "key" && keyOwners[string(w.word(1))] {
		return keyWord
	}
	if kind == noSecret {
		kind = gluedKind(w.word(0))
	}
	if kind == tokenWord && languageTokens[string(w.word(1))] {
		return noSecret
	}
	return kind
}

// gluedKind knows words that end in a secret's name without a border:
// "dbpassword", "mytoken", "MYAPIKEY".
func gluedKind(word []byte) secretKind {
	for _, end := range []string{"password", "passwd", "apikey", "secretkey", "accesskey", "secret", "token"} {
		if len(word) > len(end) && string(word[len(word)-len(end):]) == end && string(word) != "jsonwebtoken" {
			return secretNames[end]
		}
	}
	return noSecret
}

// IsSecretKey tells whether key, an attribute name or JSON key, names a secret
// by a whole dotted, snake-case or camel-case segment ("db.password",
// "apiKey", "http.request.header.authorization"), so that whatever stands
// under it should be masked whole. "input_tokens", "max_tokens" and the bare
// "token" of log-probabilities are none.
func IsSecretKey(key string) bool {
	switch kindOf(key) {
	case noSecret:
		return false
	case passwordWord:
		return !strings.EqualFold(key[strings.LastIndexByte(key, '.')+1:], "pass") // of a test
	case tokenWord:
		var w words
		w.split(key)
		return string(w.word(0)) != "token" || credentialTokens[string(w.word(1))]
	}
	return true
}

// placeholders stand where a secret would, and are none.
var placeholders = newWordList("xxxx", partialStars, "....", "your", "placeholder", "changeme", "change_me", "change-me", "redacted", "dummy", "insert", "replace", "sample", "todo", "<", "${", "{{", "$(", "process.env", "os.environ", "getenv", "-here", "_here", "abcdefghijkl", "1234567890123", "00000000", "mytoken", "not-set")

// isPlaceholder tells whether text only stands in for a secret.
func isPlaceholder(text string) bool {
	return placeholders.in(text) || holdsHash(text) || containsFold(text, "example") && entropy(text) < sampleEntropy
}

// sampleEntropy is what the samples in vendors' documentation have, which count
// as keys (wJalr…EXAMPLEKEY), in bits a byte.
const sampleEntropy = 4

// wordList finds words, which are in lower case, in a text in any case.
type wordList struct {
	words  []string
	starts charset // what they begin with
}

func newWordList(words ...string) *wordList {
	l := &wordList{words: words}
	for _, w := range words {
		l.starts[w[0]], l.starts[toUpper(w[0])] = true, true
	}
	return l
}

func (l *wordList) in(text string) bool {
	for i := range len(text) {
		if l.starts[text[i]] && l.begins(text[i:]) {
			return true
		}
	}
	return false
}

func (l *wordList) begins(text string) bool {
	first := toLower(text[0])
	for _, w := range l.words {
		if w[0] == first && len(text) >= len(w) && strings.EqualFold(text[:len(w)], w) {
			return true
		}
	}
	return false
}

// containsFold is strings.Contains without regard to ASCII case; sub is lower.
func containsFold(text, sub string) bool {
	for i := 0; i+len(sub) <= len(text); i++ {
		if toLower(text[i]) == sub[0] && strings.EqualFold(text[i:i+len(sub)], sub) {
			return true
		}
	}
	return false
}

// isTemplate tells whether text is filled in later: ${PASS}, <password>, %s,
// {pass}, [PASSWORD], ****.
func isTemplate(text string) bool {
	if text == "" {
		return true
	}
	if replacementAt(text, 0) > 0 {
		return true
	}
	switch text[0] {
	case '$', '<', '{', '[', '*', '(':
		return true
	case '%':
		return len(text) < 3 || !hexSet.all(text[1:3])
	}
	return strings.Contains(text, "${") || strings.Contains(text, "{{") || distinct(text) == 1
}

// looksRandom tells a generated value from words: digits and letters mixed, or
// long and of mixed case, with many different bytes.
func looksRandom(text string) bool { return looksEncoded(text) && !isIdentifier(text) }

// looksEncoded is looksRandom for what may also be base64 of a name and a
// password.
func looksEncoded(text string) bool {
	text = text[:min(len(text), maxJudged)]
	if isTemplate(text) || isPlaceholder(text) {
		return false
	}
	var lower, upper, digit int
	for i := range len(text) {
		switch b := text[i]; {
		case isLower(b):
			lower++
		case isUpper(b):
			upper++
		case isDigit(b):
			digit++
		}
	}
	const longNumber, longWord = 16, 20
	switch {
	case digit == 0:
		return len(text) >= longWord && lower > 0 && upper > 3 && entropy(text) >= 4
	case lower+upper == 0:
		return digit >= longNumber && entropy(text) >= 2
	}
	return entropy(text) >= 2.8
}

// isIdentifier tells whether text is words in camel or snake case with at most
// one number, as names in programs are. Their words have four letters and more
// on average, which random letters have not.
func isIdentifier(text string) bool {
	const wordLetters = 4
	words, letters, numbers := 0, 0, 0
	for i := 0; i < len(text); {
		if j := letterRun(text, i); j > i {
			words, letters, i = words+1, letters+j-i, j
		} else if isDigit(text[i]) {
			numbers, i = numbers+1, digits.span(text, i)
		} else {
			i++
		}
	}
	return numbers <= 1 && words > 0 && letters >= wordLetters*words
}

// letterRun ends a word that begins at i: letters in lower case after at most
// one capital, or all capitals.
func letterRun(text string, i int) int {
	j := i
	if j < len(text) && isUpper(text[j]) {
		j++
		for j < len(text) && isUpper(text[j]) {
			j++
		}
	}
	for j < len(text) && isLower(text[j]) {
		j++
	}
	return j
}

// entropy is Shannon's, in bits a byte.
func entropy(text string) float64 {
	var count [256]int
	for i := range len(text) {
		count[text[i]]++
	}
	bits, n := 0.0, float64(len(text))
	for _, c := range count {
		if c > 0 {
			p := float64(c) / n
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
