using BlazorAdmin.Data;

namespace BlazorAdmin.Tests.Data;

/// <summary>What nobody listens on needs no engine.</summary>
public sealed class UnreachableServerTests
{
    private const string ClosedSqlServer = "Server=127.0.0.1,1;User Id=sa;Password=none;Connect Timeout=5";
    private const string ClosedPostgres = "Host=127.0.0.1;Port=1;Username=none;Password=none;Timeout=5";

    public static TheoryData<DatabaseProvider> Providers => [DatabaseProvider.Postgres, DatabaseProvider.SqlServer];

    [Fact]
    public async Task CheckAsync_NobodyListens_NamesVariableServerAndRemedy()
    {
        foreach (var (server, variable, place) in new (TestServer, string, string)[]
                 {
                     (new PostgresTestServer(ClosedPostgres), "TEST_POSTGRES", "127.0.0.1:1"), (new SqlServerTestServer(ClosedSqlServer), "TEST_SQLSERVER", "127.0.0.1,1"),
                 })
        {
            var problem = await Should.ThrowAsync<TestServerException>(server.CheckAsync);
            problem.Message.ShouldStartWith($"The server of {variable} (");
            problem.Message.ShouldContain(place);
            problem.Message.ShouldContain($"Start it or correct {variable}, or unset it");
            problem.Message.ShouldNotContain("\n");
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task IsTransient_NobodyListens_TheStartIsTriedAgain(DatabaseProvider provider)
    {
        var options = new DbContextOptionsBuilder().UseServer(provider, provider == DatabaseProvider.Postgres ? ClosedPostgres : ClosedSqlServer).Options;
        await using var db = new DbContext(options);

        var direct = await Should.ThrowAsync<Exception>(() => db.Database.OpenConnectionAsync());
        DataSetup.DialectOf(provider).IsTransient(direct).ShouldBeTrue();
        DataSetup.DialectOf(provider).IsTransient(new InvalidOperationException("likely transient", direct)).ShouldBeTrue();
    }
}
