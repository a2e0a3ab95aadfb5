using System.Reflection;
using Xunit.Sdk;

namespace BlazorAdmin.Tests.Data;

/// <summary>A test of what only PostgreSQL has: the embedded server, notifications between connections, its query plans.</summary>
public class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = TestServer.NeedsPostgres;
}

/// <summary>Several cases of what only PostgreSQL has.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = TestServer.NeedsPostgres;
}

/// <summary>One case of a theory that only PostgreSQL can pass.</summary>
[DataDiscoverer("Xunit.Sdk.DataDiscoverer", "xunit.core")]
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class PostgresDataAttribute : DataAttribute
{
    private readonly object[] _data;

    public PostgresDataAttribute(params object[] data) => (_data, Skip) = (data, TestServer.NeedsPostgres);

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [_data];
}
