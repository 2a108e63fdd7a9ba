// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// countryCode returns the length of the ITU country code that d begins with.
func countryCode(d []byte) int {
	for n := 1; n <= 3 && n <= len(d); n++ {
		if strings.Contains(countryCodes, " "+string(d[:n])+" ") {
			return n
		}
	}
	return 0
}

// countryCodes are the calling codes in use (ITU-T E.164 list).
const countryCodes = " 1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998 "

// region is the form of a country's national numbers.
type region struct {
	// trunk is the prefix of national numbers; empty where there is none.
	trunk string
	// min and max count the digits, trunk included.
	min, max int
}

// regions by ISO 3166 code (ITU national numbering plans).
var regions = map[string]region{
	"US": {"", 10, 11}, "CA": {"", 10, 11}, "GB": {"0", 10, 11}, "IE": {"0", 9, 10}, "DE": {"0", 7, 13}, "AT": {"0", 7, 13}, "CH": {"0", 10, 10},
	"FR": {"0", 10, 10}, "BE": {"0", 9, 10}, "NL": {"0", 10, 10}, "LU": {"", 6, 9}, "ES": {"", 9, 9}, "PT": {"", 9, 9}, "IT": {"", 6, 11},
	"SE": {"0", 8, 10}, "NO": {"", 8, 8}, "DK": {"", 8, 8}, "FI": {"0", 7, 12}, "IS": {"", 7, 7}, "PL": {"", 9, 9}, "CZ": {"", 9, 9}, "SK": {"0", 10, 10},
	"HU": {"06", 9, 11}, "RO": {"0", 10, 10}, "BG": {"0", 8, 10}, "GR": {"", 10, 10}, "HR": {"0", 8, 10}, "SI": {"0", 9, 9}, "EE": {"", 7, 8}, "LV": {"", 8, 8}, "LT": {"", 8, 9},
	"TR": {"0", 10, 11}, "UA": {"0", 10, 10}, "RU": {"8", 10, 11}, "IL": {"0", 9, 10}, "AE": {"0", 9, 10}, "SA": {"0", 9, 10}, "EG": {"0", 9, 11}, "ZA": {"0", 10, 10}, "NG": {"0", 8, 11}, "KE": {"0", 9, 10},
	"IN": {"", 10, 11}, "PK": {"0", 10, 11}, "BD": {"0", 10, 11}, "CN": {"", 10, 12}, "HK": {"", 8, 8}, "TW": {"0", 9, 10}, "JP": {"0", 10, 11}, "KR": {"0", 9, 11},
	"SG": {"", 8, 8}, "MY": {"0", 9, 11}, "TH": {"0", 9, 10}, "VN": {"0", 10, 11}, "PH": {"0", 9, 11}, "ID": {"0", 9, 13}, "AU": {"0", 10, 10}, "NZ": {"0", 8, 11},
	"BR": {"", 8, 12}, "MX": {"", 10, 10}, "AR": {"", 8, 12}, "CL": {"", 8, 9}, "CO": {"", 7, 10}, "PE": {"", 7, 9},
}

func (s *Scanner) setRegions(names []string) error {
	for _, name := range names {
		r, ok := regions[name]
		if !ok {
			return fmt.Errorf("regions: unknown region %q: want one of %s", name, strings.Join(regionNames(), ", "))
		}
		s.regions = append(s.regions, &r)
	}
	return nil
}

func regionNames() []string {
	return slices.Sorted(maps.Keys(regions))
}

// national tells whether the digits fit the national form of a configured
// region.
func (st *scan) national(p phone) bool {
	for _, r := range st.regions {
		if p.n >= r.min && p.n <= r.max && strings.HasPrefix(string(p.digits[:p.n]), r.trunk) {
			return true
		}
	}
	return false
}
