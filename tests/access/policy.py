"""Who may open what, written from the rulebook's roles and not from the code (trust: Access).

User names of the model company by page. A verb's page is opened by the role that takes the step; which
objects are theirs is the other half of the test.
"""

SALES = {"rep", "rep2", "manager", "manager2"}
SUPPORT = {"support", "support2", "lead"}
LEADERS = {"manager", "manager2", "head", "gm"}
DECIDERS = LEADERS | SUPPORT | {"finance", "tech", "production", "warehouse"}
FLOOR = {"production", "quality", "warehouse"}
HOUSE = SALES | SUPPORT | LEADERS | FLOOR | {"tech", "purchasing", "finance", "aftersales"}
EVERYBODY = HOUSE | {"customer", "admin"}
ENTERS = SALES | SUPPORT
GOODS = SALES | SUPPORT | LEADERS | FLOOR | {"tech", "purchasing"}
MONEY = SALES | SUPPORT | LEADERS | {"finance"}

POLICY: dict[str, set[str]] = {
    # accounts, approvals, settings
    "accounts:home": EVERYBODY,
    "accounts:inbox": EVERYBODY,
    "accounts:me": EVERYBODY,
    "accounts:search": EVERYBODY,
    "accounts:delegations": DECIDERS,
    "approvals:inbox": DECIDERS,
    "approvals:batch": DECIDERS,
    "approvals:ask": DECIDERS,
    "approvals:hand_over": DECIDERS,
    "approvals:take_back": DECIDERS,
    "approvals:conditions": HOUSE,
    "approvals:close_condition": HOUSE,
    "approvals:questions": ENTERS | DECIDERS,
    "approvals:answer": ENTERS | DECIDERS,
    "approvals:authority": {"gm"},
    "core:parameters": {"gm", "admin"},
    "core:calendar": {"admin"},
    "core:audit": {"gm", "lead", "admin"},
    "core:outbox": {"admin"},
    # customers
    "customers:customers": SALES | SUPPORT | LEADERS | {"tech", "finance", "aftersales"},
    "customers:customer": SALES | SUPPORT | LEADERS | {"tech", "finance", "aftersales"},
    "customers:new": ENTERS,
    "customers:edit": ENTERS | {"finance"},
    "customers:block": SALES | SUPPORT | {"gm", "finance"},
    "customers:ask": SALES | SUPPORT | {"gm", "finance"},
    "customers:change": SALES | SUPPORT | LEADERS | {"tech", "finance", "aftersales"},
    "customers:decide": DECIDERS,
    "customers:classes": SUPPORT | LEADERS | {"finance"},
    "customers:propose_class": SUPPORT | LEADERS | {"finance"},
    "customers:ask_class": SALES | SUPPORT | {"gm", "finance"},
    "customers:dismiss_class": SALES | SUPPORT | {"gm", "finance"},
    "customers:transfer": {"manager", "manager2", "gm"},
    "customers:contract_file": SALES | SUPPORT | LEADERS | {"finance"},
    "customers:add_contract": {"manager", "manager2", "finance"} | SUPPORT,
    "customers:end_contract": {"manager", "manager2", "finance"} | SUPPORT,
    "customers:remove_contract": {"manager", "manager2", "finance"} | SUPPORT,
    "customers:add_agreement": {"manager", "manager2", "finance"} | SUPPORT,
    "customers:paste_agreements": {"manager", "manager2", "finance"} | SUPPORT,
    "customers:end_agreement": {"manager", "manager2", "finance"} | SUPPORT,
    "customers:remove_agreement": {"manager", "manager2", "finance"} | SUPPORT,
    "customers:paste_part_numbers": SALES | SUPPORT | {"finance"},
    "customers:remove_part_number": SALES | SUPPORT | {"finance"},
    "customers:withdraw": SALES | SUPPORT | {"gm", "finance"},
    # inventory
    "inventory:products": GOODS | {"finance", "aftersales"},
    "inventory:product": GOODS | {"finance", "aftersales"},
    "inventory:lookup": GOODS | {"finance", "aftersales"},
    "inventory:product_new": {"tech"},
    "inventory:product_edit": {"tech"},
    "inventory:stock": GOODS,
    "inventory:receive": {"warehouse"},
    "inventory:correct": {"warehouse"},
    "inventory:overdue": GOODS,
    "inventory:production": GOODS,
    "inventory:production_order": GOODS,
    "inventory:production_accept": {"production"},
    "inventory:production_report": {"production"},
    "inventory:production_inspect": {"quality"},
    "inventory:quality": {"quality"},
    # orders
    "orders:orders": HOUSE | {"customer"},
    "orders:order": HOUSE | {"customer"},
    "orders:new": ENTERS,
    "orders:imports": ENTERS,
    "orders:import_template": ENTERS,
    "orders:import_batch": ENTERS,
    "orders:import_file": ENTERS,
    "orders:import_columns": ENTERS,
    "orders:import_correct": ENTERS,
    "orders:import_take": ENTERS,
    "orders:import_discard": ENTERS,
    "orders:memos": ENTERS,
    "orders:new_memo": ENTERS,
    "orders:memo": ENTERS,
    "orders:save_memo": ENTERS,
    "orders:draft_memo": ENTERS,
    "orders:close_memo": ENTERS,
    "orders:twins": ENTERS,
    "orders:remove_paper": ENTERS,
    "orders:edit": ENTERS,
    "orders:live_check": ENTERS,
    "orders:attach_here": ENTERS,
    "orders:submit": ENTERS,
    "orders:withdraw": ENTERS,
    "orders:attach": ENTERS,
    "orders:standardise": SUPPORT,
    "orders:ask": SUPPORT,
    "orders:object": ENTERS,
    "orders:answer": {"customer"},
    "orders:record_answer": SUPPORT,
    "orders:return": SUPPORT,
    "orders:confirm": SUPPORT,
    "orders:release": SUPPORT,
    "orders:support": SUPPORT,
    "orders:decide": DECIDERS,
    "orders:technical": SALES | DECIDERS,
    "orders:sign_technical": DECIDERS,
    "orders:promise": SALES | DECIDERS,
    "orders:sign_promise": DECIDERS,
    "orders:judge_sample": {"tech"},
    "orders:technical_queue": {"tech"},
    "orders:promise_queue": {"production"},
    "orders:cancel": SALES | {"lead"},
    "orders:comment": HOUSE,
    "orders:quotations": SALES | SUPPORT | LEADERS | {"finance"},
    "orders:quotation": SALES | SUPPORT | LEADERS | {"finance"},
    "orders:quotation_changes": SALES | SUPPORT | LEADERS | {"finance"},
    "orders:quotation_paper": SALES | SUPPORT | LEADERS | {"finance"},
    "orders:quotation_new": ENTERS,
    "orders:quotation_edit": ENTERS,
    "orders:quotation_row": ENTERS,
    "orders:quotation_paste": ENTERS,
    "orders:quotation_send": ENTERS,
    "orders:quotation_revise": ENTERS,
    "orders:quotation_order": ENTERS,
    "orders:quotation_lose": ENTERS,
    # logistics
    "logistics:shipments": SALES
    | SUPPORT
    | LEADERS
    | {"tech", "finance", "aftersales", "warehouse", "customer"},
    "logistics:shipment": SALES
    | SUPPORT
    | LEADERS
    | {"tech", "finance", "aftersales", "warehouse", "customer"},
    "logistics:request": ENTERS,
    "logistics:request_again": ENTERS,
    "logistics:decide": DECIDERS,
    "logistics:release": SUPPORT,
    "logistics:cancel": SUPPORT,
    "logistics:pick": {"warehouse"},
    "logistics:pack": {"warehouse"},
    "logistics:dispatch": {"warehouse"},
    "logistics:deliver": SUPPORT | {"warehouse", "customer"},
    "logistics:warehouse": {"warehouse"},
    # invoicing and reports
    "invoicing:invoices": MONEY | {"aftersales", "customer"},
    "invoicing:invoice": MONEY | {"aftersales", "customer"},
    "invoicing:confirm": SUPPORT,
    "invoicing:withdraw": SUPPORT,
    "invoicing:issue": {"finance"},
    "invoicing:receipts": MONEY,
    "invoicing:receipt": MONEY,
    "invoicing:new_receipt": {"finance"},
    "invoicing:allocate": {"finance"},
    "invoicing:finance": {"finance"},
    "reports:weekly": LEADERS | SUPPORT | {"finance"},
}
#: Pages whose object belongs to a team or a customer: to these people the other team's does not exist.
TEAM_BOUND = SALES | {"customer"}
#: Pages whose object is one person's own: to everybody else it does not exist.
PERSONAL = {
    "approvals:ask",
    "approvals:hand_over",
    "approvals:take_back",
    "approvals:close_condition",
    "approvals:answer",
    "orders:import_batch",
    "orders:import_file",
    "orders:import_columns",
    "orders:import_correct",
    "orders:import_take",
    "orders:import_discard",
}
