// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package pii

import "strings"

// topLevelDomains are the generic top-level domains in wide use (IANA root
// zone), and the names of private networks; every country's two letters count
// as well.
var topLevelDomains = wordSetOf(strings.Fields(`
aero agency app art asia associates attorney auction audio auto band bank bar bayern beer berlin best bet bible bid bike bio biz blog blue boutique
broker build builders business cab cafe camera camp capital care career careers cash casino cat catering center ceo chat cheap church city claims
cleaning clinic clothing cloud club coach codes coffee college cologne com community company computer consulting contact contractors cooking cool coop
corsica country coupons courses credit cruises dance date dating deals degree delivery democrat dental dentist design dev diamonds diet digital direct
directory discount doctor dog domains download earth eco edu education email energy engineer engineering enterprises equipment estate eus events
example exchange expert express fail faith family fans farm fashion film finance financial fish fit fitness flights florist flowers football forsale
foundation fun fund furniture fyi gallery game games garden gay gift gifts gives glass global gmbh gold golf google gov graphics gratis green group
guide guitars guru haus health healthcare help hiphop holdings holiday home horse hospital host hosting house immo immobilien inc industries info ink
institute insurance insure int international internal invalid invest investments jetzt jewelry jobs kaufen kitchen koeln land lat law lawyer lease
legal lgbt life lighting limited limo link live llc loan loans local localhost lol london love ltd luxury maison management market marketing mba media
memorial men menu miami mil mobi moda moe mom money mortgage movie museum name net network news ngo ninja nrw nyc office one onl online ooo org
organic page paris partners parts party pet pharmacy photo photography photos pics pictures pink pizza plumbing plus poker post press pro productions
promo properties property pub qpon quebec racing realestate recipes red rehab reise reisen rent rentals repair report republican rest restaurant
review reviews rip rocks ruhr run saarland sale salon sarl school schule science scot security services sex sexy shiksha shoes shop shopping show
singles site ski social software solar solutions space store stream studio study style supplies supply support surf surgery swiss systems tattoo tax
taxi team tech technology tel tennis test theater tickets tienda tips tirol today tokyo tools top tours town toys trade trading training travel tube
university uno vacations vegas ventures vet viajes video villas vin vip vision vodka vote voyage wales watch webcam website wedding wien wiki win wine
work works world wtf xxx xyz yoga zone
intranet intra corp lan home test private priv onion`)...)

// countryDomains are the country-code top-level domains, two letters each.
const countryDomains = " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw "

const longestTLD = 16

func isTopLevel(label string) bool {
	if len(label) > longestTLD {
		return false
	}
	var buf [longestTLD]byte
	for i := range len(label) {
		buf[i] = toLower(label[i])
	}
	lower := buf[:len(label)]
	if len(label) == 2 {
		i := strings.Index(countryDomains, string(lower))
		return i >= 0 && countryDomains[i-1] == ' ' && countryDomains[i+2] == ' '
	}
	return topLevelDomains[string(lower)]
}
