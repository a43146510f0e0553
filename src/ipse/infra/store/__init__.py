"""The database: tables, migrations, and the ports that rest on them."""
