// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

// The image has an empty base and so no CA certificates of its own: Mozilla's roots are compiled in and
// used wherever the system has none.
import _ "golang.org/x/crypto/x509roots/fallback"
