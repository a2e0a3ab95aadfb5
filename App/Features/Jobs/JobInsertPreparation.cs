using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace BlazorAdmin.Features.Jobs;

/// <summary>
/// Has PostgreSQL keep the plan of a save that inserts one job and nothing else: the statement is always the same, has 33
/// columns, and reading and planning it costs the server about as much as running it.
/// </summary>
/// <remarks>Prepared once for each connection of the pool; Npgsql knows it again without a round trip. Saves of more are left alone: they come in too many shapes to be kept.</remarks>
internal sealed class JobInsertPreparation : DbCommandInterceptor
{
    private const string Insert = "INSERT INTO \"Jobs\" (";

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (IsOneJob(command, eventData)) command.Prepare();
        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (IsOneJob(command, eventData)) await command.PrepareAsync(cancellationToken);
        return result;
    }

    private static bool IsOneJob(DbCommand command, CommandEventData eventData) =>
        eventData.CommandSource == CommandSource.SaveChanges && command is NpgsqlCommand && command.CommandText.StartsWith(Insert, StringComparison.Ordinal)
        && command.CommandText.AsSpan().TrimEnd().IndexOf(';') == command.CommandText.AsSpan().TrimEnd().Length - 1;
}
