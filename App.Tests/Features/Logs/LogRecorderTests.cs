using System.Diagnostics;
using BlazorAdmin.Data;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Logs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAdmin.Tests.Features.Logs;

public sealed class LogRecorderTests
{
    private readonly LogQueue _queue = new();
    private readonly SetOptions<LogsOptions> _options = new(new LogsOptions());

    [Fact]
    public void Log_Values_AreKeptByNameWithoutSecrets()
    {
        Logger("BlazorAdmin.Features.Mail.Sender").LogWarning("{Server} refused {Password} of {Count}", "mx1", "geheim", 3);

        var entry = Entry();
        entry.Slice.ShouldBe("Mail");
        entry.Message.ShouldBe("mx1 refused *** of 3");
        entry.Values.ShouldBe("""{"Server":"mx1","Password":"***","Count":3}""");
        entry.Level.ShouldBe((byte)LogLevel.Warning);
        entry.Node.ShouldBe("n1");
    }

    [Fact]
    public void Log_ReferenceJobPersonAndTrace_StandInTheirColumns()
    {
        var (user, logger) = (Guid.NewGuid(), Logger("BlazorAdmin.Shell.Frame"));
        using var activity = new Activity("x").SetIdFormat(ActivityIdFormat.W3C).Start();
        using (logger.BeginScope(new KeyValuePair<string, object?>[] { new(LogRecorder.UserId, user) }))
            logger.LogError(new InvalidOperationException("Password=geheim"), "It failed for job {Job} (reference {Reference})", 42L, "ABCD-2345");

        var entry = Entry();
        (entry.UserId, entry.JobId, entry.Reference, entry.TraceId, entry.SpanId).ShouldBe((user, 42L, "ABCD-2345", activity.TraceId.ToHexString(), activity.SpanId.ToHexString()));
        entry.Exception.ShouldNotBeNull().ShouldContain("Password=***");
    }

    [Fact]
    public void Log_ValueThatCannotBeWritten_FailsNobodyAndLeavesALine()
    {
        Logger("BlazorAdmin.Features.Mail.Sender").LogWarning("It was {Thing}", new Unwritable());

        var entry = Entry();
        (entry.Slice, entry.Level).ShouldBe(("Mail", (byte)LogLevel.Warning));
        entry.Message.ShouldContain("NotSupportedException");
    }

    private sealed class Unwritable
    {
        public override string ToString() => throw new NotSupportedException();
    }

    [Fact]
    public async Task Log_InsideAJob_KnowsTheJob()
    {
        await Task.Run(() =>
        {
            JobExecutor.Current.Value = 7;
            Logger("BlazorAdmin.Features.Documents.X").LogInformation("read");
        });

        Entry().JobId.ShouldBe(7);
    }

    [Theory]
    [InlineData("BlazorAdmin.Features.Jobs.JobRunner", LogLevel.Debug, false)]
    [InlineData("BlazorAdmin.Features.Jobs.JobRunner", LogLevel.Information, true)]
    [InlineData("Microsoft.AspNetCore.Hosting", LogLevel.Information, false)]
    [InlineData("Microsoft.AspNetCore.Hosting", LogLevel.Warning, true)]
    [InlineData("Microsoft.Extensions.Diagnostics.HealthChecks.X", LogLevel.Error, false)]
    public void IsEnabled_ByDefault_KeepsOursFromInformationAndTheirsFromWarning(string category, LogLevel level, bool expected) => Logger(category).IsEnabled(level).ShouldBe(expected);

    [Fact]
    public void IsEnabled_OptionsChange_Follows()
    {
        var logger = Logger("BlazorAdmin.Features.Jobs.JobRunner");

        _options.Set(new LogsOptions { Level = LogLevel.Debug });

        logger.IsEnabled(LogLevel.Debug).ShouldBeTrue();
    }

    [Fact]
    public async Task Log_WhileSilent_IsNotKept()
    {
        await Task.Run(() =>
        {
            LogQueue.Silence();
            Logger("BlazorAdmin.X").LogCritical("of the writer");
        });

        _queue.Entries.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public void Log_NobodyWrites_OldestGoAndAreCounted()
    {
        var logger = Logger("BlazorAdmin.X");
        for (var i = 0; i < LogQueue.Length + 5; i++) logger.LogInformation("{Number}", i);

        _queue.Dropped.ShouldBe(5);
        Entry().Message.ShouldBe("5");
    }

    private ILogger Logger(string category) => new LogKeeper(_queue, new NodeInfo("n1", Guid.NewGuid(), DateTimeOffset.UtcNow), TimeProvider.System, _options).CreateLogger(category);

    private LogEntry Entry()
    {
        _queue.Entries.TryRead(out var entry).ShouldBeTrue();
        return entry!;
    }
}
