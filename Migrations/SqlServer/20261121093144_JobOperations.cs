using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorAdmin.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class JobOperations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Jobs_Ready",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_TenantId_Type_Id",
                table: "Jobs");

            migrationBuilder.AddColumn<int>(
                name: "Buffered",
                table: "WorkerNodes",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<bool>(
                name: "Draining",
                table: "WorkerNodes",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<long>(
                name: "JobId",
                table: "JobTicks",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Manual",
                table: "JobTicks",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Outcome",
                table: "JobTicks",
                type: "varchar(32)",
                unicode: false,
                maxLength: 32,
                nullable: false,
                defaultValue: "Enqueued");

            migrationBuilder.AddColumn<long>(
                name: "BatchId",
                table: "Jobs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Cursor",
                table: "Jobs",
                type: "nvarchar(max)",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "HasFollowers",
                table: "Jobs",
                type: "bit",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "LimitKey",
                table: "Jobs",
                type: "nvarchar(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ParentId",
                table: "Jobs",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Schedule",
                table: "Jobs",
                type: "nvarchar(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "StopRequestedAt",
                table: "Jobs",
                type: "datetimeoffset",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "StuckAt",
                table: "Jobs",
                type: "datetimeoffset",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Tags",
                table: "Jobs",
                type: "nvarchar(400)",
                maxLength: 400,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "WaitsFor",
                table: "Jobs",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "HolidayCalendars",
                columns: table => new
                {
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Days = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HolidayCalendars", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "JobBuckets",
                columns: table => new
                {
                    Type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Key = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    Tokens = table.Column<double>(type: "float", nullable: false),
                    FilledAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobBuckets", x => new { x.Type, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "JobBulkChanges",
                columns: table => new
                {
                    BulkId = table.Column<long>(type: "bigint", nullable: false),
                    JobId = table.Column<long>(type: "bigint", nullable: false),
                    StateBefore = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobBulkChanges", x => new { x.BulkId, x.JobId });
                });

            migrationBuilder.CreateTable(
                name: "JobFields",
                columns: table => new
                {
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Name = table.Column<string>(type: "nvarchar(60)", maxLength: 60, nullable: false),
                    Value = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    JobId = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobFields", x => new { x.TenantId, x.Name, x.Value, x.JobId });
                    table.ForeignKey(
                        name: "FK_JobFields_Jobs_JobId",
                        column: x => x.JobId,
                        principalTable: "Jobs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "JobLinks",
                columns: table => new
                {
                    ParentId = table.Column<long>(type: "bigint", nullable: false),
                    ChildId = table.Column<long>(type: "bigint", nullable: false),
                    On = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobLinks", x => new { x.ParentId, x.ChildId });
                });

            migrationBuilder.CreateTable(
                name: "JobPauses",
                columns: table => new
                {
                    Scope = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Since = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    Until = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Reason = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: true),
                    By = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobPauses", x => new { x.Scope, x.Name });
                });

            migrationBuilder.CreateTable(
                name: "JobScheduleMarks",
                columns: table => new
                {
                    Schedule = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    HandledUntil = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobScheduleMarks", x => x.Schedule);
                });

            migrationBuilder.CreateTable(
                name: "JobSchedules",
                columns: table => new
                {
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    IsCustom = table.Column<bool>(type: "bit", nullable: false),
                    Type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    Arguments = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    Cron = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    TimeZone = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    Missed = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: true),
                    Overlap = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: true),
                    Calendar = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    PausedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    PausedUntil = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    PauseReason = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: true),
                    PausedBy = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    ChangedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobSchedules", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "JobSignals",
                columns: table => new
                {
                    Kind = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    Subject = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    RaisedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    ClearedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    Value = table.Column<double>(type: "float", nullable: false),
                    Detail = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobSignals", x => new { x.Kind, x.Subject });
                });

            migrationBuilder.CreateTable(
                name: "JobStats",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    At = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    Seconds = table.Column<int>(type: "int", nullable: false),
                    Type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Node = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Succeeded = table.Column<int>(type: "int", nullable: false),
                    Failed = table.Column<int>(type: "int", nullable: false),
                    Retried = table.Column<int>(type: "int", nullable: false),
                    Cancelled = table.Column<int>(type: "int", nullable: false),
                    WaitSeconds = table.Column<double>(type: "float", nullable: false),
                    RunSeconds = table.Column<double>(type: "float", nullable: false),
                    Waits = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    Runs = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobStats", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "JobTypeRules",
                columns: table => new
                {
                    Type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Priority = table.Column<int>(type: "int", nullable: true),
                    MaxAttempts = table.Column<int>(type: "int", nullable: true),
                    TimeoutSeconds = table.Column<int>(type: "int", nullable: true),
                    Retry = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    MaxRunning = table.Column<int>(type: "int", nullable: true),
                    MaxRunningPerKey = table.Column<int>(type: "int", nullable: true),
                    StartsPerMinute = table.Column<double>(type: "float", nullable: true),
                    KeepSucceededDays = table.Column<double>(type: "float", nullable: true),
                    KeepFailedDays = table.Column<double>(type: "float", nullable: true),
                    ChangedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobTypeRules", x => x.Type);
                });

            migrationBuilder.CreateTable(
                name: "JobTypeStates",
                columns: table => new
                {
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Type = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    LastJobId = table.Column<long>(type: "bigint", nullable: false),
                    LastState = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    LastEndedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false),
                    LastSuccessAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    LastFailureAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true),
                    LastError = table.Column<string>(type: "nvarchar(4000)", maxLength: 4000, nullable: true),
                    FailuresInARow = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobTypeStates", x => new { x.TenantId, x.Type });
                });

            migrationBuilder.CreateTable(
                name: "JobUniques",
                columns: table => new
                {
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    Key = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    JobId = table.Column<long>(type: "bigint", nullable: false),
                    Until = table.Column<string>(type: "varchar(32)", unicode: false, maxLength: 32, nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobUniques", x => new { x.TenantId, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "SavedViews",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    TenantId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    OwnerId = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    List = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    Query = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: false),
                    Shared = table.Column<bool>(type: "bit", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "datetimeoffset", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SavedViews", x => x.Id);
                    table.ForeignKey(
                        name: "FK_SavedViews_Users_OwnerId",
                        column: x => x.OwnerId,
                        principalTable: "Users",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Batch",
                table: "Jobs",
                columns: new[] { "BatchId", "Id" },
                filter: "\"BatchId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Owner",
                table: "Jobs",
                columns: new[] { "TenantId", "OwnerId", "Id" },
                filter: "\"OwnerId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Parent",
                table: "Jobs",
                columns: new[] { "ParentId", "Id" },
                filter: "\"ParentId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Ready",
                table: "Jobs",
                columns: new[] { "Type", "Priority", "DueAt", "Id" },
                filter: "\"State\" = 'Queued' AND \"LimitKey\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_ReadyByKey",
                table: "Jobs",
                columns: new[] { "Type", "LimitKey", "Priority", "DueAt", "Id" },
                filter: "\"State\" = 'Queued' AND \"LimitKey\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Schedule",
                table: "Jobs",
                columns: new[] { "Schedule", "Id" },
                filter: "\"Schedule\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_TenantId_Type_State_Id",
                table: "Jobs",
                columns: new[] { "TenantId", "Type", "State", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_JobFields_JobId",
                table: "JobFields",
                column: "JobId");

            migrationBuilder.CreateIndex(
                name: "IX_JobLinks_ChildId",
                table: "JobLinks",
                column: "ChildId");

            migrationBuilder.CreateIndex(
                name: "IX_JobStats_TenantId_At",
                table: "JobStats",
                columns: new[] { "TenantId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_JobUniques_JobId",
                table: "JobUniques",
                column: "JobId");

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_OwnerId_List_Name",
                table: "SavedViews",
                columns: new[] { "OwnerId", "List", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_SavedViews_TenantId_List",
                table: "SavedViews",
                columns: new[] { "TenantId", "List" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "HolidayCalendars");

            migrationBuilder.DropTable(
                name: "JobBuckets");

            migrationBuilder.DropTable(
                name: "JobBulkChanges");

            migrationBuilder.DropTable(
                name: "JobFields");

            migrationBuilder.DropTable(
                name: "JobLinks");

            migrationBuilder.DropTable(
                name: "JobPauses");

            migrationBuilder.DropTable(
                name: "JobScheduleMarks");

            migrationBuilder.DropTable(
                name: "JobSchedules");

            migrationBuilder.DropTable(
                name: "JobSignals");

            migrationBuilder.DropTable(
                name: "JobStats");

            migrationBuilder.DropTable(
                name: "JobTypeRules");

            migrationBuilder.DropTable(
                name: "JobTypeStates");

            migrationBuilder.DropTable(
                name: "JobUniques");

            migrationBuilder.DropTable(
                name: "SavedViews");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_Batch",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_Owner",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_Parent",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_Ready",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_ReadyByKey",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_Schedule",
                table: "Jobs");

            migrationBuilder.DropIndex(
                name: "IX_Jobs_TenantId_Type_State_Id",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "Buffered",
                table: "WorkerNodes");

            migrationBuilder.DropColumn(
                name: "Draining",
                table: "WorkerNodes");

            migrationBuilder.DropColumn(
                name: "JobId",
                table: "JobTicks");

            migrationBuilder.DropColumn(
                name: "Manual",
                table: "JobTicks");

            migrationBuilder.DropColumn(
                name: "Outcome",
                table: "JobTicks");

            migrationBuilder.DropColumn(
                name: "BatchId",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "Cursor",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "HasFollowers",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "LimitKey",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "ParentId",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "Schedule",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "StopRequestedAt",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "StuckAt",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "Tags",
                table: "Jobs");

            migrationBuilder.DropColumn(
                name: "WaitsFor",
                table: "Jobs");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_Ready",
                table: "Jobs",
                columns: new[] { "Priority", "DueAt", "Id", "Type" },
                descending: new[] { true, false, false, false },
                filter: "\"State\" = 'Queued'");

            migrationBuilder.CreateIndex(
                name: "IX_Jobs_TenantId_Type_Id",
                table: "Jobs",
                columns: new[] { "TenantId", "Type", "Id" });
        }
    }
}
