"""
Two words of Thai as a bitmap: what a card's back is known by, and nothing installed with Ipse can write Thai.

"Department of Provincial Administration, Ministry of Interior", rendered once with a free font (Umpush Bold, of the
Thai Linux Working Group) at 40 pixels.
"""

import zlib
from base64 import b85decode

import numpy as np
from numpy.typing import NDArray

SHAPE = (44, 688)
"""Rows and columns."""

_PACKED = (
    "c-rmOv5w<55C-5OSg<?h0TyN+;mR#^W*+I%DS)ujLWR@q8{EA}fa78Vxb!20&J`|0!$r7=pvga!WIG5F1VLOJ5JP}PTKq&0XDAW<"
    "XCKwk4L&-2Nou}<s`fWgKYu~$;U?-Yf3Mnqr}9nI@h0kU6E)vNO*c{FEmWfa)r&d;2|Addb7?%#3aUv&z9SRMStA#ssZ&`L9myj*"
    "rN5?ZI@?L36}3X2H^Fd6ZMMk-H<IQ~b7(tDen0_6`NAPLD@`XSCYywYVf3q!vWpH1#s;X2Yk3naF6O~y6Fhf@@q6T8sg=tTwWA!0"
    "Wv54#dsdO`U^9NR+$q*f*(V>ZjE$5PKeFO&aEu#|qP8rzu$)9?xeT{vITZd686I%2J{J|gISz{ZNli}1ri<$Pq;tEfO&D!(eR41P"
    "6s#ItXZM2|{Nvy|eSm7?K%?8{x3+Q_zj+h&q2E!iQj^fYK&XeF_302ER7MZfXMB5=Jmr0`I^h=G1HO8k=`B<=ap|_Ye{;90UDrJ5"
    "sJEitzpoP-o(8Bd{Z1bbp`pfvH;BM<QfW<jP46*RjEIibIvO0I%+--oNpJ3ITUE8A`v$FpL_p@+$k;~ax_L5~D~HDL_fTJ0r3z6R"
    "zCn!4sN;I&H2-L}eJpWB@D%@S?y?=Aj$hX*UE+#HLu-jERK%4-C2J%qL9Ma)MOAU#;(}y;dR|nEG%&Bp40VlssVT|YOgVr?Q>`Sk"
    "p6sNqq3WWd3`A{<nyN|tv`6YqYR^ciIIBbn{Vnn}dAziwnrBrbUyGWkzNnp>Ro)?i%%@|dc2Ng~d@8CyB=v%tXyaM+qMEQmIFzWN"
    "E-KkhBVVy})oIsB4Ia~1M)DPfi3LGHRH-H-D*B<)q<+UAac(|XSzl4<S~ZLMZV$Dl`rCAWRx8;MM3px+=`Si5^)Rbgv45mCe^lSa"
    "S#2iucq-~kQGc*Bs}|*TR@<|R2$)RGF|8L>57-BaiUqRL-->!%=E~QqOZKAjqI%wSHdA{{Zc)u3+oi{)ZNMmJB(vzWU*d|*BcD|y"
    "_*qp~>Qm>S?vvfjsvS&zTU6u#l42uOK)*guIRG_4MO`oI_}A)lGTVz<-CtDH9pg=yXVnps8ETr;Dy`bhq8`rb2ivXiUmsK12Z~ym"
    "JH!-qbqdtTKCr_(06!LWbo3fcI;(ZM^M_f*{<Nq_-KwTW>U~yMP_wA&bHFI<0~@>r$yScI4vvo3s?3%DJXb1ng-U#x>ubU@Yo04{"
    "zvD%1bD3*AtBC7we2J^Y_CKo<S9#E!<ErIhMsr-L?YYf(dKDF0XIoU}NsTUFRGQVbsHv!aQL)v9N$oI-e9yS=FsU8XaHYCvlRxL{"
    "wQ48TE%_=BQCSF?y~8v2aWwK=DJu4Lj~9TmilT{jQJY1r(2q?-RJ+txl!_G<WsXkUHEK~Cd0Nn{{ti3{sB8"
)


def issuer() -> NDArray[np.bool_]:
    """Where the ink is. Shape: `SHAPE`."""
    bits = np.frombuffer(zlib.decompress(b85decode(_PACKED)), np.uint8)
    return np.unpackbits(bits).reshape(SHAPE).astype(np.bool_)
