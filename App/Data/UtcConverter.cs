using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlazorAdmin.Data;

/// <summary>Times are stored in UTC: PostgreSQL refuses any other offset, SQL Server would keep it.</summary>
public sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(
    value => value.ToUniversalTime(),
    value => value);
