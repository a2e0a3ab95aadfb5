using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace BlazorAdmin.Migrations.SqlServer
{
    /// <inheritdoc />
    public partial class AuditByOutcome : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_AuditEntries_TenantId_Outcome_Id",
                table: "AuditEntries",
                columns: new[] { "TenantId", "Outcome", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_AuditEntries_TenantId_Outcome_Id",
                table: "AuditEntries");
        }
    }
}
