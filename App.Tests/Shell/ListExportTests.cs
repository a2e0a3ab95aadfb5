using System.Globalization;
using System.Text;
using System.Text.Json;
using BlazorAdmin.Shell.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAdmin.Tests.Shell;

public sealed class ListExportTests
{
    private static readonly IReadOnlyList<ExportColumn<Row>> Columns =
    [
        new("id", "No.", row => row.Id),
        new("name", "Name, full", row => row.Name),
        new("at", "At", row => row.At),
    ];

    [Fact]
    public async Task WriteCsv_Rows_IsRfc4180WithMark()
    {
        var bytes = await Csv(new Row(1, "a \"b\", c\r\nd", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1))), new Row(-2, null, null));
        bytes.Take(3).ShouldBe([0xEF, 0xBB, 0xBF]);
        Encoding.UTF8.GetString(bytes.AsSpan(3)).ShouldBe(
            "No.,\"Name, full\",At\r\n1,\"a \"\"b\"\", c\r\nd\",2026-01-02T02:04:05.0000000Z\r\n-2,,\r\n");
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-cmd", "'-cmd")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public void Neutral_FormulaStart_GetsAnApostrophe(string text, string expected) => ListExport.Neutral(text).ShouldBe(expected);

    [Fact]
    public async Task WriteJson_Rows_KeepTypes()
    {
        using var target = new MemoryStream();
        (await ListExport.WriteJson(Many(new Row(1, "=x", null)), Columns, target, default)).ShouldBe(1);
        using var json = JsonDocument.Parse(target.ToArray());
        var row = json.RootElement[0];
        row.GetProperty("id").GetInt32().ShouldBe(1);
        row.GetProperty("name").GetString().ShouldBe("=x");
        row.GetProperty("at").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [InlineData("csv", "3", 2, "No.,\"Name, full\",At\r\n0,a,\r\n1,a,\r\nIncomplete: the export ends after 2 rows. Narrow the filter and export the rest.,,")]
    [InlineData("json", "3", 2, """[{"id":0,"name":"a","at":null},{"id":1,"name":"a","at":null},{"incomplete":"Incomplete: the export ends after 2 rows. Narrow the filter and export the rest."}]""")]
    [InlineData("json", "2", 2, """[{"id":0,"name":"a","at":null},{"id":1,"name":"a","at":null}]""")]
    public async Task Endpoint_RowsAtAndOverTheLimit_SayWhatIsMissing(string format, string rows, int limit, string expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var log = new RecordingLogger();
        builder.Logging.ClearProviders().AddProvider(new Recorder(log));
        builder.Services.AddLocalization().AddSingleton(TimeProvider.System);
        await using var app = builder.Build();
        app.MapListExport("/export", "rows", _ => Columns, new ListQuery(), (_, query, _) => Many([.. Enumerable.Range(0, int.Parse(query.Search, CultureInfo.InvariantCulture)).Select(i => new Row(i, "a", null))]), limit);
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        var text = await client.GetStringAsync($"/export?format={format}&q={rows}");

        text.Trim('\uFEFF', '\r', '\n').ShouldBe(expected);
        log.Contains("The export /export was broken off").ShouldBe(int.Parse(rows, CultureInfo.InvariantCulture) > limit);
    }

    [Fact]
    public async Task WriteCsv_ManyRows_DoesNotBuffer()
    {
        var target = new CountingStream();
        var row = new Row(1, new string('x', 100), null);
        long seen = 0;
        async IAsyncEnumerable<Row> Rows()
        {
            for (var i = 0; i < 50_000; i++)
            {
                if (i == 40_000) seen = target.Written;
                yield return row;
            }
            await Task.CompletedTask;
        }
        (await ListExport.WriteCsv(Rows(), Columns, target, default)).ShouldBe(50_000);
        seen.ShouldBeGreaterThan(3_900_000);
    }

    [Fact]
    public void Disposition_NameWithUmlauts_IsEncoded() => ListExportEndpoint.Disposition("Aufträge", "csv", DateTimeOffset.UnixEpoch)
        .ShouldBe("attachment; filename=Auftr_ge-1970-01-01-0000.csv; filename*=UTF-8''Auftr%C3%A4ge-1970-01-01-0000.csv");

    private static async Task<byte[]> Csv(params Row[] rows)
    {
        using var target = new MemoryStream();
        await ListExport.WriteCsv(Many(rows), Columns, target, default);
        return target.ToArray();
    }

    private static async IAsyncEnumerable<Row> Many(params Row[] rows)
    {
        foreach (var row in rows) yield return row;
        await Task.CompletedTask;
    }

    private sealed class Recorder(RecordingLogger log) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => log;

        public void Dispose() { }
    }

    private sealed record Row(int Id, string? Name, DateTimeOffset? At);

    private sealed class CountingStream : Stream
    {
        public long Written { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => Written;
        public override long Position { get => Written; set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => Written += count;
    }
}
