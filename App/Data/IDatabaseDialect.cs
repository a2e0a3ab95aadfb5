using System.Data.Common;

namespace BlazorAdmin.Data;

public enum DatabaseProvider
{
    Postgres,
    SqlServer,
}

/// <summary>What the two database servers do differently. One implementation for each; nothing else asks which server it is.</summary>
public interface IDatabaseDialect
{
    DatabaseProvider Provider { get; }

    /// <summary>Quotes an identifier.</summary>
    string Quote(string identifier);

    /// <summary>SQL expression for the server's own clock, in UTC, with the type of the time columns.</summary>
    string UtcNow { get; }

    /// <summary>
    /// Takes a lock that every process on the database respects and holds it until disposed, also beyond transactions.
    /// Waits without limit until cancelled.
    /// </summary>
    Task<IAsyncDisposable> LockAsync(DbConnection openConnection, string name, CancellationToken cancellation);

    /// <summary>True if the insert or update hit a unique index.</summary>
    bool IsDuplicateKey(Exception exception);

    /// <summary>True if the insert, update or delete would have left a row without the one that it refers to.</summary>
    bool IsBrokenReference(Exception exception);

    /// <summary>True if trying the same again later can succeed: connection lost, deadlock, server starting or stopping.</summary>
    bool IsTransient(Exception exception);
}
