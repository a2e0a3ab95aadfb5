using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Searching;
using BlazorAdmin.Shell.Lists;

namespace BlazorAdmin.Tests.Features.Jobs.Searching;

public sealed class JobCriteriaTests
{
    private static readonly JobTypes Types = new([JobType.Of<TestJob, TestHandler>(), JobType.Of<SingleJob, TestHandler>(), JobType.Of<FoundJob, FoundHandler>()]);

    [Theory]
    [InlineData("#12")]
    [InlineData("12")]
    public void Parse_Number_IsTheJob(string text) => Parse(text).Id.ShouldBe(12);

    [Fact]
    public void Parse_Words_MustAllStand() =>
        Parse("Invoice march.pdf 2024").Tests.Select(t => (t.Name, t.Values[0], t.IsPrefix)).ShouldBe([("subject", "invoice", true), ("subject", "march", true), ("subject", "pdf", true), ("subject", "2024", true)]);

    [Fact]
    public void Parse_Type_ByNameOrItsBeginning()
    {
        Parse("test.job").Types.ShouldBe(["test.job"]);
        Parse("test.s").Types.ShouldBe(["test.single"]);
        Parse("type:test.job").Types.ShouldBe(["test.job"]);
        Parse("test.job type:test.single").Types.ShouldBe(["-"]);
        var either = Parse("test").Tests.Single();
        (either.Values[0], either.OrTypes!.Count).ShouldBe(("test", 3));
    }

    [Fact]
    public void Parse_TagAndDeclaredField_AskForTheWholeValue()
    {
        var tests = Parse("tag:Urgent CUSTOMER:Acme http://x password:hunter2").Tests;
        tests.Select(t => (t.Name, t.Values[0], t.IsPrefix)).ShouldBe([
            ("tag", "urgent", false), ("customer", "acme", false), ("subject", "http", true), ("subject", "x", false), ("subject", "password", true), ("subject", "hunter2", true)]);
    }

    [Fact]
    public void Parse_Filters_WhatCannotBeReadIsLeftOut()
    {
        var query = ListQuery.Parse("state=waiting&from=2026-11-20T08:00Z&to=soon&batch=7&parent=x&queue=documents&owner=me&node=n1&schedule=s&period=day", new ListQuery());
        var criteria = JobCriteria.Parse(query, Types);
        criteria.InState.ShouldBe(JobState.Waiting);
        criteria.CreatedFrom.ShouldBe(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero));
        criteria.CreatedTo.ShouldBeNull();
        (criteria.InBatch, criteria.OfParent, criteria.InQueue, criteria.OfOwner, criteria.OnNode, criteria.OfSchedule).ShouldBe((7, null, "documents", "me", "n1", "s"));
        criteria.Within.ShouldBe(TimeSpan.FromDays(1));
    }

    [Fact]
    public void Fields_OfAJob_AreItsWordsTagsAndDeclaredArguments()
    {
        var job = new Job { Id = 5, Type = "test.found", Queue = "default", Arguments = "{}", IdempotencyKey = "", Subject = "Brief März: ÄRGER, brief", Tags = "Urgent north" };
        var rows = JobSearchFields.For(job, new FoundJob("ACME", [3, 4], "hunter2", FoundKind.Big, "not declared"));

        rows.Select(r => $"{r.Name}:{r.Value}").ShouldBe(
            ["subject:brief", "subject:märz", "subject:ärger", "tag:urgent", "tag:north", "customer:acme", "pages:3", "pages:4", "kind:big"], ignoreOrder: true);
        rows.ShouldAllBe(r => r.JobId == 5);
    }

    [Fact]
    public void Fields_LongSubject_IsCutToTwelveWordsOfAHundredLetters()
    {
        var job = new Job { Type = "t", Queue = "default", Arguments = "{}", IdempotencyKey = "", Subject = string.Join(' ', Enumerable.Range(0, 30).Select(i => $"w{i}")) + " " + new string('x', 300) };
        JobSearchFields.For(job, new TestJob("a")).Count.ShouldBe(12);
        JobSearchFields.Words(new string('x', 300)).Single().Length.ShouldBeLessThanOrEqualTo(100);
    }

    private static JobCriteria Parse(string search) => JobCriteria.Parse(new ListQuery().WithSearch(search), Types);
}

public enum FoundKind
{
    Small,
    Big,
}

[JobType("test.found")]
public sealed record FoundJob([property: Searchable] string Customer, [property: Searchable] int[] Pages, [property: Searchable, Secret] string Password, [property: Searchable] FoundKind Kind, string Note);

public sealed class FoundHandler : IJobHandler<FoundJob>
{
    public Task RunAsync(FoundJob arguments, JobContext job, CancellationToken cancellation) => Task.CompletedTask;
}
