"""The templates of infra/, checked without a Bicep compiler: parsed, evaluated and compared."""
