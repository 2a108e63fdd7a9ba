// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"crypto/sha256"
	"strings"
)

var cryptoDetectors = []detector{
	{Entity: personal("BTC_ADDRESS"), score: 0.5, context: []string{"bitcoin", "btc", "wallet", "crypto"},
		keys: []keyRule{{prefix: "bc1", body: lowerDigits, min: 39, max: 59, distinct: 8, valid: bech32Valid}, {prefix: "BC1", body: upperDigits, min: 39, max: 59, distinct: 8, valid: bech32Valid}}},
	{Entity: personal("ETH_ADDRESS"), score: 1, context: []string{"ethereum", "eth", "wallet", "crypto"},
		keys: []keyRule{{prefix: "0x", body: hexSet, min: 40, max: 40, distinct: 8}}},
}

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// findBitcoin finds base58check addresses, which begin with 1 or 3.
func findBitcoin(st *scan, start, _ int) int {
	const shortest, longest = 26, 35
	if st.text[start] != '1' && st.text[start] != '3' {
		return 0
	}
	end := alnum.span(st.text[:min(len(st.text), start+longest+1)], start)
	if n := end - start; n < shortest || n > longest || !base58Valid(st.text[start:end]) || !st.add(bitcoinID, start, end, 1) {
		return 0
	}
	return end
}

// base58Valid checks that the last 4 of the 25 bytes are the double SHA-256 of
// the others.
func base58Valid(address string) bool {
	var raw [25]byte
	for i := range len(address) {
		carry := strings.IndexByte(base58, address[i])
		if carry < 0 {
			return false
		}
		for k := len(raw) - 1; k >= 0; k-- {
			carry += int(raw[k]) * 58
			raw[k] = byte(carry)
			carry >>= 8
		}
		if carry != 0 {
			return false
		}
	}
	first := sha256.Sum256(raw[:21])
	second := sha256.Sum256(first[:])
	return string(second[:4]) == string(raw[21:])
}

// bech32Valid checks a segwit address (BIP 173, BIP 350).
func bech32Valid(address string) bool {
	const charset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	const bech32, bech32m = 1, 0x2bc830a3
	check := 1
	step := func(v int) {
		top := check >> 25
		check = (check&0x1ffffff)<<5 ^ v
		for k, g := range [...]int{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>k&1 == 1 {
				check ^= g
			}
		}
	}
	for _, v := range []int{'b' >> 5, 'c' >> 5, 0, 'b' & 31, 'c' & 31} {
		step(v)
	}
	for i := len("bc1"); i < len(address); i++ {
		v := strings.IndexByte(charset, toLower(address[i]))
		if v < 0 {
			return false
		}
		step(v)
	}
	return check == bech32 || check == bech32m
}
