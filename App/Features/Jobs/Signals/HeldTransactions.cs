using System.Data.Common;
using System.Globalization;
using BlazorAdmin.Data;

namespace BlazorAdmin.Features.Jobs.Signals;

/// <summary>
/// Transactions that have been open for long: while one holds its snapshot, nothing that ended since can be tidied away,
/// and every look for ready jobs steps over more and more dead rows.
/// </summary>
internal abstract class HeldTransactions(ILogger log) : ISignalSource
{
    private const int TimeoutSeconds = 15;

    private int _said;

    public SignalKind Kind => SignalKind.HeldTransaction;

    /// <summary>Selects session number, program, login, seconds and state; takes <c>@age</c> in seconds.</summary>
    protected abstract string Sql { get; }

    public async Task<IReadOnlyList<JobCondition>?> FindAsync(SignalReading reading, CancellationToken cancellation)
    {
        await reading.Db.Database.OpenConnectionAsync(cancellation);
        try
        {
            await using var command = reading.Db.Database.GetDbConnection().CreateCommand();
            (command.CommandText, command.CommandTimeout) = (Sql, TimeoutSeconds);
            var age = command.CreateParameter();
            (age.ParameterName, age.Value) = ("age", reading.Options.HeldTransactionMinutes * 60);
            command.Parameters.Add(age);
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            var found = new List<JobCondition>();
            while (await rows.ReadAsync(cancellation) && found.Count < SignalWatch.MostOfAKind) found.Add(Condition(rows));
            return found;
        }
        catch (DbException exception) when (IsRefused(exception))
        {
            if (Interlocked.Exchange(ref _said, 1) == 0) SignalsLog.HeldTransactionsUnknown(log, exception);
            return null;
        }
        finally
        {
            await reading.Db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>Whether the server does not let this login look.</summary>
    protected virtual bool IsRefused(DbException exception) => false;

    private static JobCondition Condition(DbDataReader row)
    {
        var session = Convert.ToInt64(row.GetValue(0), CultureInfo.InvariantCulture);
        var program = row.IsDBNull(1) || row.GetString(1).Trim().Length == 0 ? "?" : row.GetString(1).Trim();
        var login = row.IsDBNull(2) ? "?" : row.GetString(2);
        var state = row.IsDBNull(4) ? "?" : row.GetString(4);
        return new JobCondition(SignalKind.HeldTransaction, string.Create(CultureInfo.InvariantCulture, $"{program} ({session})"), Convert.ToDouble(row.GetValue(3), CultureInfo.InvariantCulture), $"{login}, {state}");
    }
}

/// <summary>Sessions of this database that hold the horizon back. Without pg_read_all_stats the server shows only the login's own.</summary>
internal sealed class PostgresHeldTransactions(ILogger<PostgresHeldTransactions> log) : HeldTransactions(log)
{
    protected override string Sql => """
        SELECT pid, application_name, usename::text, extract(epoch FROM clock_timestamp() - xact_start)::float8, state
        FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
          AND xact_start < clock_timestamp() - make_interval(secs => @age)
          AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL OR state LIKE 'idle in transaction%')
        ORDER BY xact_start LIMIT 20
        """;
}

/// <summary>Needs VIEW SERVER STATE (from 2022: VIEW SERVER PERFORMANCE STATE); without it the condition is not available.</summary>
internal sealed class SqlServerHeldTransactions(ILogger<SqlServerHeldTransactions> log) : HeldTransactions(log)
{
    // 208: no such view (a server that only speaks the language); the rest: permission denied.
    private static readonly HashSet<int> Refusals = [208, 229, 297, 300, 371];

    protected override string Sql => """
        SELECT TOP (20) s.session_id, s.program_name, s.login_name, DATEDIFF(second, t.transaction_begin_time, GETDATE()), s.status
        FROM sys.dm_tran_active_transactions t
        JOIN sys.dm_tran_session_transactions st ON st.transaction_id = t.transaction_id
        JOIN sys.dm_exec_sessions s ON s.session_id = st.session_id
        WHERE st.is_user_transaction = 1 AND s.session_id <> @@SPID AND s.database_id = DB_ID()
          AND t.transaction_begin_time < DATEADD(second, -CAST(@age AS int), GETDATE())
        ORDER BY t.transaction_begin_time
        """;

    protected override bool IsRefused(DbException exception) =>
        exception is Microsoft.Data.SqlClient.SqlException refused && refused.Errors.Cast<Microsoft.Data.SqlClient.SqlError>().Any(e => Refusals.Contains(e.Number));
}
