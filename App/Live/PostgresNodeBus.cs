using BlazorAdmin.Data;
using Npgsql;
using NpgsqlTypes;

namespace BlazorAdmin.Live;

/// <summary>
/// Carries messages by LISTEN/NOTIFY: one listening connection for the whole process (every idle listener costs the server),
/// batches sent over a short-lived one.
/// </summary>
public sealed class PostgresNodeBus(IDbContextFactory<AppDbContext> databases, NodeInfo node, DatabaseState database, IServiceProvider services, TimeProvider time, ILogger<PostgresNodeBus> log)
    : NodeBus(node, database, services, time, log)
{
    public const string Channel = "blazoradmin_live";

    // Asked so often whether the server still answers: a half-open connection says nothing by itself.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(3);
    private const int TimeoutSeconds = 3;

    private NpgsqlDataSource? _sending;

    protected override async Task ListenAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(await ConnectionStringAsync(pooling: false, cancellation));
        await connection.OpenAsync(cancellation);
        connection.Notification += (_, notification) => Receive(notification.Payload);
        await ExecuteAsync(connection, $"listen {Channel}", cancellation);
        Connected();
        while (true)
        {
            if (!await connection.WaitAsync(KeepAlive, cancellation))
                await ExecuteAsync(connection, "select 1", cancellation);
        }
    }

    protected override async Task SendAsync(IReadOnlyList<string> payloads, CancellationToken cancellation)
    {
        _sending ??= NpgsqlDataSource.Create(await ConnectionStringAsync(pooling: true, cancellation));
        await using var command = _sending.CreateCommand($"select pg_notify('{Channel}', p) from unnest($1) with ordinality as u(p, n) order by n");
        command.Parameters.Add(new NpgsqlParameter { Value = payloads.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<string> ConnectionStringAsync(bool pooling, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var parts = new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString())
        {
            ApplicationName = $"BlazorAdmin live {Node.Name}",
            Timeout = TimeoutSeconds,
            CommandTimeout = TimeoutSeconds,
            Pooling = pooling,
            MaxPoolSize = 2,
            MinPoolSize = 0,
        };
        // A notification has nothing to lose in a crash, so its commit need not wait for the disk.
        if (pooling) parts.Options = $"{parts.Options} -c synchronous_commit=off".Trim();
        return parts.ConnectionString;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_sending is not null) await _sending.DisposeAsync();
    }
}
