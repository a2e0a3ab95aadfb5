using Microsoft.Data.SqlClient;
using Npgsql;

namespace BlazorAdmin.Data;

/// <summary>Which database the portal uses, read from the configuration at start.</summary>
/// <param name="Provider">Inferred from the connection string that is set.</param>
/// <param name="ConnectionString">Null: the embedded PostgreSQL runs.</param>
public sealed record DatabaseChoice(DatabaseProvider Provider, string? ConnectionString)
{
    public bool IsEmbedded => ConnectionString is null;

    /// <summary>For messages: server and database, no password.</summary>
    public string Description => ConnectionString is null ? "embedded PostgreSQL" : Provider switch
    {
        DatabaseProvider.Postgres => DescribePostgres(new NpgsqlConnectionStringBuilder(ConnectionString)),
        _ => DescribeSqlServer(new SqlConnectionStringBuilder(ConnectionString)),
    };

    /// <exception cref="StartupException">The settings contradict each other, or a connection string cannot be read.</exception>
    public static DatabaseChoice From(IConfiguration configuration)
    {
        var postgres = Clean(configuration.GetConnectionString("Postgres"));
        var sqlServer = Clean(configuration.GetConnectionString("SqlServer"));
        var confirmed = Clean(configuration["Database:Provider"]);
        if (postgres is not null && sqlServer is not null)
            throw new StartupException("Both ConnectionStrings:Postgres and ConnectionStrings:SqlServer are set. Remove one.");
        var choice = sqlServer is not null ? new DatabaseChoice(DatabaseProvider.SqlServer, sqlServer) : new DatabaseChoice(DatabaseProvider.Postgres, postgres);
        if (confirmed is not null)
        {
            if (!Enum.TryParse<DatabaseProvider>(confirmed, ignoreCase: true, out var provider))
                throw new StartupException($"Database:Provider is '{confirmed}'. Use Postgres or SqlServer, or leave it out.");
            if (provider != choice.Provider)
                throw new StartupException($"Database:Provider is {provider}, but {(choice.IsEmbedded ? "no connection string for it is set" : $"ConnectionStrings:{choice.Provider} is set")}. Make them agree.");
        }

        try
        {
            _ = choice.Description;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StartupException($"ConnectionStrings:{choice.Provider} cannot be read: {exception.Message}");
        }

        return choice;
    }

    private static string? Clean(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;

    private static string DescribePostgres(NpgsqlConnectionStringBuilder parts) => $"PostgreSQL {parts.Host}:{parts.Port}/{parts.Database}";

    private static string DescribeSqlServer(SqlConnectionStringBuilder parts) => $"SQL Server {parts.DataSource}/{parts.InitialCatalog}";
}
