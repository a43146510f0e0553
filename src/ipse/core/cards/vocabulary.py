"""The names of fields: one word for one thing over all cards. Dialects map them onto their vendors' members."""

from typing import Final

NAMES: Final = frozenset(
    {
        # Numbers.
        "id_number",  # The person's number; on a licence that repeats it, the same.
        "document_number",  # The card's own number: licence number, passport number.
        "serial_number",  # Printed by the maker: Thai card under the photo, Taiwanese form number.
        "laser_number",  # Back of the Thai card: 2 letters, 10 digits.
        "old_number",  # MyKad's number before 1990.
        # Names. `full_name` is always there where any name is; parts where the card prints or implies them.
        "full_name",
        "last_name",
        "first_name",  # Given names.
        "middle_name",
        "title",
        "full_name_local",  # In the local script, where the card prints a Latin one as well.
        "last_name_local",
        "first_name_local",
        "title_local",
        "name_codes",  # Chinese commercial code.
        "father_name",
        "mother_name",
        "spouse_name",
        # The person.
        "sex",
        "birth_date",
        "birth_date_local",  # Where the card prints it twice, as in Thai and English: the local one, normalised.
        "birth_place",
        "nationality",
        "ethnicity",  # China's 民族; `race` of Singapore likewise.
        "religion",
        "blood_type",
        "marital_status",
        "occupation",
        "height",
        "weight",
        "eye_colour",
        "military_service",
        # Where.
        "address",  # Whole, parts joined by a blank (nothing between Chinese or Japanese parts).
        "address_house",
        "address_village",  # Thai หมู่ที่, Indonesian RT/RW.
        "address_place",  # Thai หมู่บ้าน: the name of an estate or village.
        "address_lane",  # Thai ซอย.
        "address_alley",  # Thai ตรอก.
        "address_road",
        "address_subdistrict",  # Tambon, Kel/Desa.
        "address_district",  # Amphoe, Kecamatan.
        "address_city",  # Kota, Kabupaten.
        "address_province",
        "postal_code",
        # The card.
        "issue_date",
        "issue_date_local",
        "first_issue_date",
        "expiry_date",
        "expiry_date_local",
        "is_lifelong",  # "true" where the card never ends.
        "issue_place",
        "issue_reason",  # Taiwan's 初發, 換發, 補發.
        "issuing_authority",
        "issuing_country",
        "symbols",  # Hong Kong's ***AZ.
        "residence_status",  # WARGANEGARA, PEMASTAUTIN TETAP; Hong Kong's permanent or not.
        "card_subtype",
        "classes",  # Of vehicles.
        "conditions",
        "restrictions",
        "agency_code",
        "precinct",  # Philippine voter's.
        "personal_number",  # Passport's optional data.
        "optional_data",  # A zone's other optional data: visas', and the second of a card.
        "document_code",  # The first two letters of a zone: P, ID.
        "mrz",  # The lines of the zone, joined by a line feed.
    }
)
